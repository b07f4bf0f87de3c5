// How programs end, one way for each name: what is printed is compared with the official compiler's.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"
)

type T struct {
	a int
	b string
	p *T
}

type I interface{ M(x int) int }

func (t *T) M(x int) int { return t.p.a + x }
func (t T) V(x int) int  { return t.p.a + x }

//go:noinline
func words(a int, b string, c []byte, d uint8, e *T, f float64) int {
	return e.a + a
}

func small(p *int) int { return *p }

func inlined(p *int) int { return small(p) + 1 }

//go:noinline
func callsInlined(p *int) int { return inlined(p) }

func deferred(s []int, i int) { s[i] = 1 }

func rethrow() {
	defer func() {
		e := recover()
		panic(fmt.Sprintf("again: %v", e))
	}()
	panic("first")
}

func deep(n int) int {
	if n == 0 {
		panic("at the bottom")
	}
	return deep(n-1) + 1
}

func forever(n int) int { return forever(n+1) + n }

type myError struct{ code int }

func (e myError) Error() string { return fmt.Sprint("code ", e.code) }

type named string

func seq(yield func(int) bool) {
	for i := range 3 {
		if !yield(i) {
			return
		}
	}
}

func generic[E any](list []E, i int) E { return list[i] }

func callers() {
	pc := make([]uintptr, 20)
	frames := runtime.CallersFrames(pc[:runtime.Callers(1, pc)])
	for {
		f, more := frames.Next()
		fmt.Println(f.Function, f.File[strings.LastIndex(f.File, "/")+1:], f.Line)
		if !more {
			break
		}
	}
}

func viaInline() { callers() }

var m map[string]int
var sink any
var ch chan int
var block = make(chan int)

var ways = map[string]func(){
	"nil":     func() { small(nil) },
	"inlined": func() { callsInlined(nil) },
	"words":   func() { words(1, "two", nil, 4, nil, 5) },
	"method":  func() { var i I = &T{}; i.M(3) },
	"value":   func() { var t *T; f := t.V; f(1) },
	"wrapper": func() { sink = (*T)(nil); sink.(interface{ V(int) int }).V(2) },
	"index":   func() { var s []int; deferred(s, 5) },
	"defer":   func() { defer deferred(nil, 3); fmt.Println("body") },
	"deferloop": func() {
		for i := range 3 {
			defer deferred(make([]int, i), i)
		}
	},
	"again":   rethrow,
	"repanic": func() { defer func() { panic(recover()) }(); panic(errors.New("same")) },
	"goexit": func() {
		go func() { defer fmt.Println("deferred"); runtime.Goexit() }()
		time.Sleep(time.Millisecond)
		runtime.Goexit()
	},
	"deep":         func() { deep(120) },
	"overflow":     func() { debug.SetMaxStack(1 << 16); forever(0) },
	"deadlock":     func() { <-ch },
	"deadlock2":    func() { var wg sync.WaitGroup; wg.Add(1); go func() { block <- 1 }(); wg.Wait() },
	"mapwrite":     func() { m["x"] = 1 },
	"error":        func() { panic(myError{7}) },
	"named":        func() { panic(named("text\nmore")) },
	"float":        func() { panic(1.5) },
	"pointer":      func() { defer func() { recover() }(); panic(&T{}) },
	"assert":       func() { sink = 1; _ = sink.(string) },
	"assert2":      func() { sink = 1; _ = sink.(I) },
	"conversion":   func() { s := make([]int, 3); _ = [4]int(s) },
	"slice":        func() { s := make([]int, 3); n := 5; _ = s[n:] },
	"divide":       func() { n := 0; fmt.Println(1 / n) },
	"shift":        func() { n := -1; fmt.Println(1 << n) },
	"closed":       func() { c := make(chan int); close(c); close(c) },
	"unhashable":   func() { m := map[any]int{}; m[[]int{}]++ },
	"uncomparable": func() { sink = []int{}; fmt.Println(sink == sink) },
	"rangefunc": func() {
		for i := range seq {
			deferred(nil, i)
		}
	},
	"rangedefer": func() {
		for i := range seq {
			defer deferred(nil, i)
		}
	},
	"generic":   func() { generic([]string{"a"}, 4) },
	"goroutine": func() { go func(n int, s string) { deferred(nil, n) }(9, "x"); select {} },
	"unlock":    func() { var mu sync.Mutex; mu.Unlock() },
	"makeslice": func() { n := -1; sink = make([]int, n) },
	"exit":      func() { defer fmt.Println("never"); os.Exit(3) },
	"callers": func() {
		viaInline()
		defer viaInline()
		func() { defer func() { recover(); callers() }(); small(nil) }()
	},
	"stack": func() { fmt.Print(string(debug.Stack())) },
	"allstacks": func() {
		go func() { <-block }()
		time.Sleep(time.Millisecond)
		buf := make([]byte, 1<<16)
		fmt.Print(string(buf[:runtime.Stack(buf, true)]))
	},
	"sigquit": func() {
		time.Sleep(50 * time.Millisecond)
		p, _ := os.FindProcess(os.Getpid())
		p.Signal(syscall.SIGQUIT)
		time.Sleep(time.Second)
	},
	"nested": func() {
		defer func() { fmt.Println(recover()) }()
		defer func() {
			defer func() { fmt.Println(recover()) }()
			small(nil)
		}()
		deferred(nil, 1)
	},
}

func main() {
	if len(os.Args) < 2 {
		for name := range ways {
			fmt.Println(name)
		}
		return
	}
	ways[os.Args[1]]()
}
