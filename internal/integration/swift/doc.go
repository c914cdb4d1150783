// Package swift holds tests against a real OpenStack Swift, the software that
// NHN Cloud's object storage is built on. They are skipped unless the
// environment names one; start.sh starts one on this machine. See README.md.
package swift
