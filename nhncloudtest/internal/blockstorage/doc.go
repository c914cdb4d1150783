// Package blockstorage is block storage v2: volumes, their snapshots and their
// types. Whoever has servers puts volumes on them with [Volume.Attach].
package blockstorage
