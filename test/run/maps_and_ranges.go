package main

import (
	"fmt"
	"math"
	"sort"
	"strings"
)

// Ranges that change what they range over, maps with every sort of key, strings that are no UTF-8, copies on range.

type key struct {
	a int8
	b string
	c any
	d float64
	_ int
}

type big struct {
	a [20]int
	s string
}

func mapMutation() {
	m := map[int]int{}
	for i := range 100 {
		m[i] = i
	}
	seen := 0
	for k := range m {
		seen++
		delete(m, k)
		delete(m, k^1)
	}
	fmt.Println(seen, len(m))
	for i := range 10 {
		m[i] = i
	}
	n := 0
	for k, v := range m {
		n += v
		if k < 10 && n < 1000 {
			m[k] = v + 100
		}
		if len(m) > 5 {
			clear(m)
		}
	}
	fmt.Println(len(m), n < 10)
	m = map[int]int{1: 1}
	for k := range m {
		m = map[int]int{2: 2, 3: 3}
		fmt.Println(k, len(m))
	}
	var nilMap map[string]int
	for range nilMap {
		fmt.Println("never")
	}
	delete(nilMap, "x")
	clear(nilMap)
	fmt.Println(nilMap["x"], len(nilMap))
	grow := map[int]bool{0: true}
	for k := range grow {
		if len(grow) < 1000 {
			grow[len(grow)+k*1000] = true
		}
	}
	fmt.Println(len(grow) >= 2)
}

func keys() {
	nan := math.NaN()
	f := map[float64]int{0: 1, math.Copysign(0, -1): 2, nan: 3, nan: 4, math.Inf(1): 5}
	f[nan] = 6
	fmt.Println(len(f), f[0], f[nan])
	clear(f)
	fmt.Println(len(f))
	i := map[any]string{1: "int", int8(1): "int8", "1": "string", 1.0: "float", [1]int{1}: "array", key{a: 1, b: "b", c: 2}: "key", nil: "nil", true: "bool", struct{}{}: "empty", 'a': "rune", 1i: "complex"}
	fmt.Println(len(i), i[1], i[int8(1)], i["1"], i[1.0], i[[1]int{1}], i[key{a: 1, b: "b", c: 2}], i[key{a: 1, b: "b", c: 3}], i[nil], i[true], i[struct{}{}], i[int32(97)], i[1i], i[int16(1)] == "")
	s := map[key][]int{}
	s[key{b: "x", d: 0}] = append(s[key{b: "x", d: math.Copysign(0, -1)}], 1)
	s[key{b: strings.Repeat("x", 1)}] = append(s[key{b: "x"}], 2)
	fmt.Println(len(s), s[key{b: "x"}])
	func() {
		defer func() { fmt.Println(recover()) }()
		i[[]int{}] = "panics"
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		delete(i, func() {})
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		_, ok := s[key{c: map[int]int{}}]
		fmt.Println(ok)
	}()
	b := map[big]big{{s: "k"}: {s: "v", a: [20]int{19: 1}}}
	v, ok := b[big{s: "k"}]
	_, no := b[big{s: "k", a: [20]int{1}}]
	fmt.Println(v.s, v.a[19], ok, no, b[big{}].s == "")
	v.s = "w"
	b[v] = v
	fmt.Println(b[v].a[0] == 0 && len(b) == 2)
	u8, i16, u32, p, c, arr, bo := map[uint8]int{255: 1}, map[int16]int{-1: 2}, map[uint32]int{1 << 31: 3}, map[*big]int{}, map[chan int]int{}, map[[2]int32]int{{1, -1}: 4}, map[bool]int{true: 5}
	p[&v]++
	p[&v]++
	p[nil] -= 5
	c[nil] |= 6
	u8[255]++
	i16[-1] <<= 3
	u32[1<<31] %= 2
	arr[[2]int32{1, -1}] ^= 1
	arr[[2]int32{}]--
	bo[false], bo[true] = bo[true], bo[false]
	fmt.Println(u8, i16, u32, p[&v], p[nil], c, arr, bo)
	str := map[string][]string{}
	for _, w := range strings.Fields("the quick the lazy the dog") {
		str[w[:1]] = append(str[w[:1]], w)
	}
	bs := []byte("t")
	fmt.Println(str, str[string(bs)], len(str[string(bs[:0])]))
	type st struct{ n, m int }
	ms := map[string]*st{"a": {1, 2}, "b": {}}
	ms["a"].n += 5
	ms["b"].m, ms["a"].m = ms["a"].n, ms["b"].n
	fmt.Println(*ms["a"], *ms["b"])
	mm := map[string]map[string]int{"x": {"y": 1}, "z": nil}
	mm["x"]["y"]++
	mm["x"]["new"] = mm["none"]["none"] + len(mm["z"])
	fmt.Println(mm)
	funcs := map[string]func(...int) int{"sum": func(v ...int) (n int) {
		for _, x := range v {
			n += x
		}
		return
	}}
	fmt.Println(funcs["sum"](1, 2, 3), funcs["none"] == nil)
}

func copies() {
	a := [3]int{1, 2, 3}
	for i, v := range a {
		a[2] = 10
		if i == 2 {
			fmt.Println("copy", v)
		}
	}
	for i, v := range &a {
		a[2] = 20
		if i == 2 {
			fmt.Println("pointer", v)
		}
	}
	s := a[:]
	for i, v := range s {
		s[2] = 30
		s = append(s, v)
		if i == 2 {
			fmt.Println("slice", v, len(s))
		}
	}
	bs := []big{{s: "a"}, {s: "b"}}
	for i, b := range bs {
		b.s += "!"
		bs[1-i].s += "?"
		fmt.Print(b.s, " ")
	}
	for i := range bs {
		bs[len(bs)-1].a[i]++
		bs = bs[:1]
	}
	fmt.Println(len(bs), bs[0].a[0])
	var pa *[4]string
	for i := range pa {
		fmt.Print(i)
	}
	arr := [2][2]int{{1, 2}, {3, 4}}
	for i, row := range arr {
		arr[1][0] = 9
		row[0]++
		for j := range row {
			fmt.Print(" ", i, j, row[j], arr[i][j])
		}
	}
	fmt.Println()
	n := 3
	for i := range n {
		n = 10
		i *= 2
		fmt.Print(i, " ")
	}
	for i := range uint8(200) {
		if i+100 < 100 {
			fmt.Print(i, " ")
			break
		}
	}
	for i := range int64(-5) {
		fmt.Print("never", i)
	}
	const c = 2
	for i := range c {
		fmt.Printf("%T ", i)
	}
	type my int16
	for i := range my(2) {
		fmt.Printf("%T ", i)
	}
	x := []func() int{}
	for i := range 3 {
		i := i * i
		x = append(x, func() int { i++; return i })
	}
	for i := 0; i < 6; i += 2 {
		x = append(x, func() int { i += 10; return i })
		if i == 2 {
			i++
		}
	}
	for _, f := range x {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
	var i int
	var box struct{ v any }
	for i, box.v = range []string{"p", "q"} {
	}
	fmt.Println(i, box.v)
	for i, s[i] = range []int{7, 8} {
	}
	fmt.Println(s[:3])
	ch := make(chan big, 3)
	ch <- big{s: "1"}
	ch <- big{s: "2"}
	close(ch)
	for b := range ch {
		fmt.Print(b.s)
	}
	for range ch {
	}
	fmt.Println()
}

func stringsOf() {
	for _, s := range []string{"", "aé世😀", "\xff", "a\x80b", "\xe4\xb8", "\xe4\xb8\x96\xe4", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80", "\xf0\x9f\x98", "\xfe\xfe", "\ufffd", "\xef\xbf\xbdx"} {
		fmt.Printf("%+q:", s)
		for i, r := range s {
			fmt.Printf(" %d:%x", i, r)
		}
		n := 0
		for range s {
			n++
		}
		r := []rune(s)
		b := []byte(s)
		fmt.Println(" ", n, len(r), len([]rune(s)), len(b), string(r) == s, string(b) == s, strings.ToValidUTF8(s, "?"))
		for i := range []byte(s) {
			b[i]++
		}
		for i, c := range []byte(s) {
			b[i] -= c
		}
		fmt.Println(b, string([]rune{0x10ffff, 0x110000, -1, 0xd800, 'x'}), string(rune(len(s))+0x4e00))
	}
	type myString string
	type myBytes []byte
	type myByte byte
	m := myString("né")
	for i, r := range m {
		fmt.Print(i, r, " ")
	}
	mb := myBytes(m)
	mb = append(mb, m...)
	fmt.Println(string(mb), copy(mb[1:], "XY"), string(mb), string([]myByte("z")), []rune(m), myString([]rune{'o'})+m[1:], m[1] > 'a', m < "o", m[:1] == "n")
	s := "immutable"
	bs := []byte(s)
	bs[0] = 'I'
	t := string(bs)
	bs[1] = 'M'
	fmt.Println(s, t, string(bs), s+t == t+s, s > t, len(s+t+string(bs)))
	var sb strings.Builder
	for i := 0; i < 70; i++ {
		sb.WriteString(s[i%9 : i%9+1])
		u := string(sb.String()[i]) + string(bs[i%9])
		if u == "im" || u[0] == u[1] && i < 8 {
			fmt.Print(i, u, " ")
		}
	}
	fmt.Println()
}

func main() {
	mapMutation()
	keys()
	copies()
	stringsOf()
	counts := map[rune]int{}
	for _, r := range "mississippi" {
		counts[r]++
	}
	var rs []string
	for r, n := range counts {
		rs = append(rs, fmt.Sprintf("%c%d", r, n))
	}
	sort.Strings(rs)
	fmt.Println(rs)
}
