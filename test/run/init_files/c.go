package main

import "strings"

func init() { note("init c", c1) }

var c1 = note("c1", 7)

var c2 = note("c2", len(strings.Repeat("x", c1)))

var c3, c4 = note("c3", a2), &c5

var c5 = note("c5", recursive(2))

func deeper() int { return c2 * 10 }

func recursive(n int) int {
	if n == 0 {
		return b2
	}
	return recursive(n-1) + mutual(n-1)
}

func mutual(n int) int {
	if n == 0 {
		return 1
	}
	return recursive(n - 1)
}
