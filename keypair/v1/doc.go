// Package keypairv1 calls the key pair operations of NHN Cloud (API v1.0). The
// v1.0 API serves the regions of Korea alone, and needs
// [nhncloud.Config.AppKey].
//
//	k := keypairv1.New(client)
//	pair, err := k.KeyPairs.Create(ctx, "deploy")
//	if err != nil { … }
//	err = pair.SavePrivateKey("deploy.pem") // there is no second chance
package keypairv1
