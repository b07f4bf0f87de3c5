package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sort"
	"strings"
	"sync"
	"time"
)

type node struct {
	next *node
	v    int
	buf  [16]int
}

func deep(n int, p *int) int {
	var local [32]int
	local[n%32] = n
	q := &local[n%32]
	if n == 0 {
		return *p
	}
	r := deep(n-1, q)
	return r + *q - *p
}

func rec() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	var m map[string]int
	m["a"] = 1
	return nil
}

func idx(s []int, i int) (r int, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = e.(runtime.Error)
		}
	}()
	return s[i], nil
}

type T struct{ a, b int }

func (t T) Sum() int   { return t.a + t.b }
func (t *T) Set(a int) { t.a = a }
func gen[K comparable, V any](m map[K]V) []K {
	var ks []K
	for k := range m {
		ks = append(ks, k)
	}
	return ks
}

func seq(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func find() int {
	for x := range seq(10) {
		defer fmt.Println("deferred", x)
		if x == 3 {
			return x * 10
		}
	}
	return -1
}

func main() {
	z := 0
	fmt.Println(deep(100000, &z))
	fmt.Println(rec())
	fmt.Println(idx([]int{1, 2, 3}, 5))
	var wg sync.WaitGroup
	ch := make(chan int, 10)
	var mu sync.Mutex
	total := 0
	for i := 0; i < 10000; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			total += i
			mu.Unlock()
		}()
	}
	wg.Wait()
	fmt.Println(total)
	go func() {
		for i := range 5 {
			ch <- i
		}
		close(ch)
	}()
	for v := range ch {
		fmt.Print(v, " ")
	}
	fmt.Println()
	stop := false
	go func() {
		for {
			z++
			if stop {
				break
			}
		}
	}()
	time.Sleep(20 * time.Millisecond)
	runtime.GC()
	fmt.Println("preempted")
	ks := gen(map[string]int{"x": 1, "y": 2, "z": 3})
	sort.Strings(ks)
	fmt.Println(ks, find())
	t := T{1, 2}
	f := t.Sum
	g := (*T).Set
	g(&t, 40)
	fmt.Println(f(), t.Sum(), T.Sum(t))
	var e error = errors.Join(errors.New("a"), os.ErrNotExist)
	fmt.Println(errors.Is(e, os.ErrNotExist), strings.ReplaceAll(e.Error(), "\n", "|"))
	done := make(chan bool)
	go func() {
		defer close(done)
		defer fmt.Println("goexit deferred")
		runtime.Goexit()
	}()
	<-done
	select {
	case <-time.After(10 * time.Millisecond):
		fmt.Println("timeout")
	case v := <-ch:
		fmt.Println("closed", v)
	}
	var any1 any = 3.5
	switch x := any1.(type) {
	case int:
		fmt.Println("int", x)
	case fmt.Stringer, error:
		fmt.Println("iface", x)
	case float64:
		fmt.Println("float", x)
	}
	c := complex(1, 2)
	fmt.Println(c*c, real(c), min(3, 1, 2), max(2.5, 1))
	var l *node
	for i := range 100000 {
		l = &node{next: l, v: i}
	}
	s := 0
	for p := l; p != nil; p = p.next {
		s += p.v
	}
	fmt.Println(s)
	panic(fmt.Sprintf("bye %d", s))
}
