// Package keypair calls the key pair operations of NHN Cloud (API v2). Key
// pairs belong to the user, not to the project.
//
//	k := keypair.New(client)
//	pair, err := k.KeyPairs.Create(ctx, "deploy")
//	if err != nil { … }
//	err = pair.SavePrivateKey("deploy.pem") // there is no second chance
package keypair
