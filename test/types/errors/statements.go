package p

import "fmt"

type T struct {
	a int
	b string
}

var g int

const c = 1

func results() (int, string) { return 1, "" }
func noresult()              {}

func assignments() {
	var x int = "a"
	var y, z int = 1
	var v, w = 1, 2, 3
	var q = nil
	var r = noresult()
	var tt = results()
	var a1, a2, a3 = results()
	x, y = 1
	x = 1, 2
	x, y, z = results()
	x, y = results()
	1 = 2
	c = 2
	results() = 1
	"a"[0] = 'b'
	s := "abc"
	s[0] = 'x'
	m := map[string]T{}
	m["a"].a = 1
	m["a"] = 1
	nil = 1
	_ = nil
	_ = q
	_, _ = v, w
	_, _, _ = r, tt, a1
	_, _ = a2, a3
	x := 1
	x, x := 1, 2
	x, nw := 1, "a"
	g.x := 1
	_ := 1
	x += "a"
	x += 1.5
	x++
	s++
	s += 1
	x <<= s
	x <<= -1
	(x) = 3
	len = 1
	fmt.Println = nil
	fmt = 1
	int = 2
	T{}.a = 1
	(&T{}).a = 2
	*x = 1
	x.y = 1
	undefinedName = 1
	_ = undefinedOther
	var unused1, unused2 int
	unused2 = 1
	var fnv func()
	fnv == nil
	x
	"abc"
	x + 1
	-x
	int(x)
	results
	results()
	func() {}
	func() {}()
	T{}
	<-x
	make([]int, 1)
	ch := make(chan<- int)
	ch <- "a"
	<-ch
	var ro <-chan int
	ro <- 1
	x <- 1
}

func controls() {
	if 1 {
	}
	if x := 1; x {
	}
	if noresult() {
	}
	if x := 1; x == 2 {
	} else if x == "a" {
	}
	for 1 {
	}
	for i := 0; i < "a"; i++ {
	}
	for i := 0; i; i++ {
	}
	for i := 0; ; i = "a" {
	}
}

func switches(i interface{}, e error, n int, f func(), sl []int) {
	switch n {
	case 1, 2, 1:
	case "a":
	case 2:
	case 1.5:
	case n:
	}
	switch {
	case n:
	case n == 1:
	case true, true:
	}
	switch f {
	case nil:
	case f:
	}
	switch sl {
	case nil:
	}
	switch n := n; {
	}
	switch s := "a"; s {
	case "a", "b":
	case "a":
	default:
	default:
	}
	switch noresult() {
	}
	switch results() {
	}
	switch nil {
	}
	switch n {
	case 1:
		fallthrough
	case 2:
	}
	switch x := i.(type) {
	}
	switch x := i.(type) {
	case int:
	case string, int:
	case nil:
	case nil:
	case undefinedT:
	case fmt.Stringer:
		_ = x
	}
	switch _ := i.(type) {
	}
	switch n.(type) {
	}
	switch e.(type) {
	case int:
	case *T:
	}
	switch y := e.(type) {
	case error:
	}
	switch i.(type) {
	case int:
	case 5:
	}
	switch i := i; i.(type) {
	default:
	default:
	}
	switch i {
	case 1, 1.0, int8(1), "a", 1:
	case sl, f:
	}
}

func ranges(n int, m map[string]int, ch chan int, so chan<- int, pa *[3]int, f func(), it func(func(int, string) bool)) {
	for range 1.5 {
	}
	for range nil {
	}
	for i, j := range n {
	}
	for i := range n {
	}
	for i, j := range ch {
	}
	for range so {
	}
	for i := range f {
	}
	for a, b := range it {
		_, _ = a, b
	}
	for a, b, c := range it {
	}
	for range it {
	}
	var s string
	for s = range n {
	}
	for s, s = range m {
	}
	for _, s = range m {
	}
	for i, v := range pa {
	}
	for i.x = range pa {
	}
	for range func(func(int) int) {} {
	}
	for range func(int) bool { return true } {
	}
	for range noresult() {
	}
	for x := range func(yield func() bool) {} {
	}
	var u8 uint8
	for u8 = range 256 {
	}
	for i := range "abc" {
		i = "a"
	}
	var fl float64
	for fl = range 10 {
	}
	for k, v := range struct{}{} {
	}
	for k := range (*[]int)(nil) {
	}
}

func selects(ch chan int, so chan<- int) {
	select {
	case x := <-ch:
	case ch <- "a":
	case <-so:
	case x, ok := <-ch:
		_ = x
	default:
	default:
	}
}

func ret1() int {
}

func ret2() int {
	return
}

func ret3() int {
	return 1, 2
}

func ret4() (int, string) {
	return 1
}

func ret5() (a int, err error) {
	{
		err := 1
		return
	}
}

func ret6() {
	return 1
}

func ret7() (int, string) {
	return "a", 1
}

func ret8() int {
	for {
		break
	}
}

func ret9(n int) int {
	switch n {
	case 1:
		return 1
	default:
		panic(1)
	}
}

func ret10(n int) int {
	if n == 1 {
		return 1
	} else if n == 2 {
		return 2
	}
}

func ret11() int {
L:
	for {
		for {
			break L
		}
	}
}

func ret12() (int, error) {
	return ret1(), ret2(), nil
}

func ret13() (x, y int) {
	return results()
}

func closures() {
	var outer int
	f := func() {
		var inner int
	}
	h := func(a int) int {
		if a == 0 {
			return 1
		}
	}
	go func() { return 1 }()
	defer func(x int) {}()
	_ = func() int { outer := 1; return outer }
}

func init() int { return 1 }
func main(x int) {}
