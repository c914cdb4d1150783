// Package frame is what stands around each example: its flags, the cloud that
// it works on, the question before something is made on the real one, and what
// becomes of that when the example ends or gets a signal. What is about NHN
// Cloud stands in the examples themselves.
//
// It is one package rather than a file in each example, because signals and
// cleaning up are what is easily done wrong in one of ten. An example that is
// copied takes this folder along, or leaves out what it does with its [Stage].
package frame
