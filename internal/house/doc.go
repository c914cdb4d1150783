// Package house holds the repository to its house style. It has tests only:
// each rule is a function over the parsed sources, tested on snippets of its
// own, and applied to the whole repository by TestRepository.
package house
