// 10,000 goroutines, deep recursion with pointers into growing stacks, a tight loop that must be preempted.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

func deep(n int, up *int) int {
	local := [8]int{n, *up}
	if n == 0 {
		return *up
	}
	r := deep(n-1, &local[0])
	if local[0] != n {
		panic("the stack moved without its pointers")
	}
	return r + local[1]&1
}

func ring(n int) int {
	first := make(chan int)
	in := first
	for range n {
		out := make(chan int)
		go func(in, out chan int) { out <- <-in + 1 }(in, out)
		in = out
	}
	go func() { first <- 0 }()
	return <-in
}

func preempted() int {
	stop := 0
	go func() {
		for {
			stop++
		}
	}()
	for range 3 {
		time.Sleep(2 * time.Millisecond)
		runtime.GC()
	}
	return 1
}

func main() {
	fmt.Println(ring(10000))
	var wg sync.WaitGroup
	results := make([]int, 20)
	for i := range results {
		wg.Add(1)
		go func() {
			defer wg.Done()
			start := 1
			results[i] = deep(20000, &start)
			runtime.GC()
		}()
	}
	wg.Wait()
	fmt.Println(results)
	fmt.Println(preempted())
}
