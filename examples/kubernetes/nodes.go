package main

import (
	"context"
	"path/filepath"

	"github.com/nhncloud-go/nhncloud/nks"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	typed "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/clientcmd"
)

// connect saves the kubeconfig of the cluster and makes a client of Kubernetes
// from it.
func (b *builder) connect(ctx context.Context, cluster *nks.Cluster) (typed.NodeInterface, error) {
	folder, err := b.Folder()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(folder, "kubeconfig")
	if err := b.nks.Clusters.SaveKubeconfig(ctx, cluster.UUID, path, nil); err != nil {
		return nil, err
	}
	b.Say("Saved the kubeconfig.")
	config, err := clientcmd.BuildConfigFromFlags("", path)
	if err != nil {
		return nil, err
	}
	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	version, err := clients.Discovery().ServerVersion()
	if err != nil {
		return nil, err
	}
	b.Say("Kubernetes says that it is %s.", version.GitVersion)
	return clients.CoreV1().Nodes(), nil
}

// listNodes prints the nodes as Kubernetes tells them.
func (b *builder) listNodes(ctx context.Context, nodes typed.NodeInterface) error {
	list, err := nodes.List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	for i := range list.Items {
		node := &list.Items[i]
		b.Say("- node %s, %s, Ready: %s", node.Name, node.Status.NodeInfo.KubeletVersion, ready(node))
	}
	return nil
}

func ready(node *corev1.Node) corev1.ConditionStatus {
	for _, condition := range node.Status.Conditions {
		if condition.Type == corev1.NodeReady {
			return condition.Status
		}
	}
	return corev1.ConditionUnknown
}
