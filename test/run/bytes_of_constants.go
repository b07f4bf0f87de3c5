package main

import "fmt"

var kept [][]byte

func long() []byte {
	return []byte("more bytes than the buffer of thirty-two that conversions of other strings have")
}

func main() {
	sum := 0
	for i := 0; i < 3; i++ {
		b := []byte("abc")
		b[0] += byte(i)
		for _, c := range b {
			sum += int(c)
		}
		k := []byte("kept")
		k[0] = byte('a' + i)
		kept = append(kept, k)
	}
	fmt.Println(sum, len(long()), cap([]byte("xyz")))
	for _, k := range kept {
		fmt.Println(string(k))
	}
	e := []byte("")
	fmt.Println(e == nil, len(e), string(append(e, "more"...)), string(long()))
	type named []byte
	fmt.Println(string(append(named("q"), 'r')))
}
