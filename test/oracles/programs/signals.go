// Faults, signals and profiles, one way for each name: signals.ts compares what becomes of them with the official compiler's.
package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

type T struct {
	a    [100]int
	next *T
}

func (t *T) last() int { return t.a[99] }

func lastOf(t *T) int { return t.last() }

//go:noinline
func lastOfNext(t *T) int { return lastOf(t.next) }

//go:noinline
func read(p uintptr) int { return *(*int)(unsafe.Pointer(p)) }

func try(f func()) {
	defer func() {
		e := recover()
		err, ok := e.(runtime.Error)
		fmt.Println(ok, err)
		if a, ok := e.(interface{ Addr() uintptr }); ok {
			fmt.Printf("%#x\n", a.Addr())
		}
	}()
	f()
}

func mapped() []byte {
	f, err := os.CreateTemp("", "signals")
	if err != nil {
		panic(err)
	}
	defer os.Remove(f.Name())
	f.Truncate(4096)
	b, err := syscall.Mmap(int(f.Fd()), 0, 4096, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		panic(err)
	}
	f.Truncate(0)
	return b
}

var (
	sink  any
	total uint64
	nilT  *T
)

func raise(s syscall.Signal) {
	syscall.Kill(os.Getpid(), s)
	time.Sleep(10 * time.Second)
}

type waiter struct {
	mu   sync.Mutex
	cond *sync.Cond
	wg   sync.WaitGroup
}

func (w *waiter) lock()          { w.mu.Lock() }
func (w *waiter) locked(n int)   { w.lock(); fmt.Println(n) }
func receive(c chan int) int     { return <-c }
func receiveDeep(c chan int) int { return receive(c) + 1 }
func wait[E any](c chan E) (e E) { e = <-c; return }
func send(c chan<- string)       { c <- "x" }
func choose(a, b chan int) (n int) {
	select {
	case n = <-a:
	case b <- n:
	}
	return
}

func recurse(n int, c chan int) int {
	if n == 0 {
		return receiveDeep(c)
	}
	return recurse(n-1, c) + n
}

// goroutines waits in every way there is.
func goroutines() {
	c, d := make(chan int), make(chan string)
	w := new(waiter)
	w.cond = sync.NewCond(new(sync.Mutex))
	w.mu.Lock()
	w.wg.Add(1)
	go receiveDeep(c)
	go func() { defer fmt.Println("deferred"); receive(c) }()
	go send(d)
	go choose(c, make(chan int)) // neither is ready
	go w.locked(1)
	go w.wg.Wait()
	go func() { w.cond.L.Lock(); w.cond.Wait() }()
	go time.Sleep(time.Hour)
	go recurse(200, c)
	go wait(make(chan struct{}))
	go wait[map[string]int](nil)
	go func() {
		for range c {
			fmt.Println("never")
		}
	}()
	go func() { runtime.LockOSThread(); receive(c) }()
	go func() { select {} }()
	lonely := make(chan int)
	go func() {
		for i := range func(yield func(int) bool) { yield(1) } {
			lonely <- i
		}
	}()
	if l, err := net.Listen("tcp", "127.0.0.1:0"); err == nil {
		go l.Accept()
	}
	go func() {
		go func() { receive(c) }()
		runtime.Goexit()
	}()
}

func mix(x uint64) uint64 { return (x ^ x>>31) * 0x9e3779b97f4a7c15 }

func hash(n int) uint64 {
	h := uint64(n)
	for i := range 2000 {
		h = mix(h) + uint64(i)
	}
	return h
}

//go:noinline
func hot(n int) {
	for i := range n {
		total += hash(i)
	}
}

//go:noinline
func each(f func(int), n int) {
	for i := range n {
		f(i)
	}
}

func spend(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		hot(300)
		each(func(i int) { total += hash(i) >> 3 }, 300)
	}
}

//go:noinline
func list(n int) (t *T) {
	for range n {
		t = &T{next: t}
	}
	return t
}

//go:noinline
func text(n int) string { return strings.Repeat("x", n) }

func check(err error) *os.File {
	if err != nil {
		panic(err)
	}
	return nil
}

func profiles() {
	f, err := os.Create(os.Args[2])
	check(err)
	check(pprof.StartCPUProfile(f))
	spend(2 * time.Second)
	pprof.StopCPUProfile()
	check(f.Close())
	runtime.MemProfileRate = 1
	sink = []any{list(3000), text(1 << 20), append([]int(nil), make([]int, 1<<16)...), map[int]string{1: text(1 << 19)}}
	runtime.GC()
	f, err = os.Create(os.Args[3])
	check(err)
	check(pprof.WriteHeapProfile(f))
	check(f.Close())
}

var ways = map[string]func(){
	"recovered": func() {
		try(func() { fmt.Println(lastOfNext(&T{})) })
		try(func() { nilT.a[0] = 1 })
		try(func() { sink.(*T).a[1]++ })
	},
	"fatal":        func() { lastOfNext(&T{}) },
	"goroutine":    func() { go lastOfNext(&T{}); select {} },
	"deferred":     func() { defer fmt.Println("deferred"); defer lastOfNext(&T{}); lastOfNext(nil) },
	"fault":        func() { read(0xdead0000) },
	"faultpanic":   func() { debug.SetPanicOnFault(true); try(func() { read(0xdead0008) }); read(0xdead0010) },
	"noncanonical": func() { read(0xdead000000000000) },
	"readonly": func() {
		*unsafe.StringData(os.Args[0][:0] + "literal"[:3]) = 'x'
		b := unsafe.StringData("read only")
		*b = 1
	},
	"bus":     func() { fmt.Println(mapped()[5]) },
	"callnil": func() { var f func(); f() },
	"callbad": func() { p := new(uintptr); f := *(*func())(unsafe.Pointer(&p)); f() },
	"segv":    func() { raise(syscall.SIGSEGV) },
	"abrt":    func() { raise(syscall.SIGABRT) },
	"term":    func() { raise(syscall.SIGTERM) },
	"pipe":    func() { syscall.Kill(os.Getpid(), syscall.SIGPIPE); time.Sleep(time.Millisecond); fmt.Println("after") },
	"caught": func() {
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGUSR1, syscall.SIGSEGV)
		syscall.Kill(os.Getpid(), syscall.SIGUSR1)
		fmt.Println(<-c)
		lastOfNext(&T{})
	},
	"quit": func() {
		goroutines()
		time.Sleep(300 * time.Millisecond)
		raise(syscall.SIGQUIT)
	},
	"profiles": profiles,
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
