package main

import "fmt"

func ints(x int) string {
	switch x {
	case 1, 2, 3, 4:
		return "low"
	case 10:
		return "ten"
	case -5, -4, -6:
		return "negative"
	case 100, 102, 104, 106:
		return "even"
	case 9223372036854775807, -9223372036854775808:
		return "ends"
	case 1 << 40:
		fallthrough
	case 1<<40 + 1:
		return "big"
	default:
		return "none"
	}
}

func bytes(c byte) int {
	switch c {
	case 'a', 'b', 'c', 'd', 'e', 'f':
		return 1
	case 200, 201, 202, 255, 0:
		return 2
	case '0', '1', '2', '3', '5':
		return 3
	}
	return 0
}

func small(c int8) (n int) {
	switch {
	default:
		n = 100
	}
	switch c {
	case -128, -127, -126:
		n += 1
	case 127, 126, 0, -1:
		n += 2
	case 5:
		n += 3
	case 7:
		n += 4
	}
	return n
}

func unsigned(u uint64) int {
	switch u {
	case 0:
		return 0
	case 1<<64 - 1, 1<<64 - 2, 1<<64 - 3:
		return 1
	case 1 << 63, 1<<63 - 1:
		return 2
	case 3, 4, 7, 8, 11:
		return 3
	}
	return -1
}

func words(s string) int {
	switch s {
	case "":
		return 0
	case "break", "continue", "return":
		return 1
	case "case", "chan", "else", "func", "goto":
		return 2
	case "for", "map", "var":
		return 3
	case "if", "go":
		return 4
	case "a string that is longer than others are":
		return 5
	}
	return -1
}

func main() {
	for _, x := range []int{0, 1, 2, 3, 4, 5, 9, 10, 11, -3, -4, -5, -6, -7, 99, 100, 101, 102, 104, 105, 106, 107, 1 << 40, 1<<40 + 1, 1<<40 + 2, 1<<63 - 1, -1 << 63, 1<<63 - 2} {
		fmt.Println(x, ints(x))
	}
	for c := 0; c < 256; c++ {
		fmt.Print(bytes(byte(c)), small(int8(c)), " ")
	}
	fmt.Println()
	for _, u := range []uint64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 1 << 63, 1<<63 - 1, 1<<63 - 2, 1<<63 + 1, 1<<64 - 1, 1<<64 - 3, 1<<64 - 4} {
		fmt.Println(u, unsigned(u))
	}
	for _, s := range []string{"", "break", "brake", "case", "cased", "chan", "goto", "go", "if", "var", "vat", "map", "return", "continue", "a string that is longer than others are", "x"} {
		fmt.Println(s, words(s))
	}
	switch x := 3; x {
	case 1, 2, 4, 5, 6:
		fmt.Println("wrong")
	case 3:
		fmt.Println("three")
	}
}
