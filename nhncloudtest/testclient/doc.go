// Package testclient makes clients of the SDK for the in-memory cloud of package
// nhncloudtest. It stands apart because that package shares nothing with the
// SDK, which is to be tested against it.
//
//	func TestDeploy(t *testing.T) {
//		cloud := nhncloudtest.Start(t)
//		client := testclient.New(cloud)
//		// … run the program with client
//	}
//
// A program that makes its client itself gets [nhncloudtest.Server.LookupEnv] or
// [nhncloudtest.Server.Environ] instead, from which the same comes about.
package testclient
