// Package nhncloudtest is an NHN Cloud that lives in memory: a real HTTP
// server on a loopback port that answers as the documented APIs do, with
// state behind it. Create a server and it is BUILD, then ACTIVE; attach a
// volume twice and the second call is refused in the words of the real one.
//
//	func TestDeploy(t *testing.T) {
//		cloud := nhncloudtest.Start(t)
//		// hand cloud.LookupEnv to the program, or build its configuration
//		// from cloud.URL, cloud.TenantID, cloud.Username and cloud.Password
//	}
//
// # What it speaks
//
// Identity v2.0 and v1.0, compute v2 with its key pairs, block storage v2
// (volumes and types), image v2 (list and get) and the reading calls of
// network v2.0 with a default VPC. Any client works against it, in any
// language: point it at [Server.AuthURL] and let it follow the catalog.
// It is strict where the cloud is strict (token, tenant in the path, content
// type, required fields), and its errors have the shapes, statuses and headers
// of the services that NHN Cloud is built of.
//
// # Time
//
// What takes a while on the real cloud takes [WithTransition] here, 30 ms
// unless told otherwise. States are worked out when somebody looks, from the
// cloud's own clock; nothing runs in the background. With [WithManualClock]
// that clock stands still until [Server.Advance] moves it, so that a test
// needs no sleep.
//
// # Trouble
//
// [Server.Inject] makes chosen calls slow, fail, lose their connection or
// break off half way. [Server.ExpireTokens] and [Server.RevokeTokens] take the
// tokens away that were given out. [Server.Requests], [Server.Count],
// [Server.Connections] and [Server.Logins] tell what a client really did.
//
// # Where it goes its own way
//
// Some things are written down nowhere, and some are chosen for the sake of
// tests. Lists that are too long for their limit clamp it to the maximum, as
// nova and glance do. A full page of servers carries a link to the next page,
// even when that one turns out empty. A protected server answers 409 to
// DELETE. A server in ERROR has a fault, as nova's do. delete_on_termination
// may be a boolean, a string, or the numbers 1 and 0 that the guide's example
// shows. Quotas are unlimited unless [WithQuota] sets them.
package nhncloudtest
