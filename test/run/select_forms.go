package main

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// select in all its forms; sends and receives of every width; order of evaluation of its operands.

type wide struct {
	a [30]int
	s string
}

var trace []string

func note[T any](s string, v T) T { trace = append(trace, s); return v }

func flush() { fmt.Println(trace); trace = nil }

type box struct {
	v  int
	ok bool
	m  map[string]wide
	s  []any
}

func receiveInto() {
	c := make(chan int, 3)
	c <- 1
	c <- 2
	c <- 3
	b := &box{s: make([]any, 3)}
	i := 0
	idx := func(n int) int { trace = append(trace, fmt.Sprint("index ", n)); return n }
	select {
	case b.v = <-c:
	}
	select {
	case b.s[idx(1)], b.ok = <-note("chan", c):
	}
	select {
	case v, ok := <-c:
		b.s[2] = fmt.Sprint(v, ok)
	}
	close(c)
	select {
	case b.v, b.ok = <-c:
	}
	fmt.Println(*b, i)
	w := make(chan wide, 1)
	b.m = map[string]wide{}
	w <- wide{s: "wide"}
	select {
	case b.m["k"] = <-w:
	}
	var e any
	select {
	case w <- wide{[30]int{29: 9}, "sent"}:
	}
	select {
	case e = <-w:
	}
	fmt.Println(b.m["k"].s, e.(wide).s, e.(wide).a[29])
	flush()
}

func order() {
	a, b := make(chan int, 1), make(chan int)
	select {
	case note("a", a) <- note("va", 5):
		trace = append(trace, "sent a")
	case <-note("b", b):
	case note("nil", (chan int)(nil)) <- note("vn", 1):
	}
	flush()
	select {
	case note("b", b) <- note("vb", 1):
	case x, ok := <-note("a", a):
		fmt.Println(x, ok)
	}
	flush()
	select {
	case <-note("b", b):
	case note("nil", (chan int)(nil)) <- note("v", 2):
	default:
		fmt.Println("default")
	}
	flush()
}

func single() {
	c := make(chan string, 1)
	select {
	case c <- "x":
	default:
		fmt.Println("full?")
	}
	select {
	case c <- "y":
	default:
		fmt.Println("full")
	}
	select {
	case s := <-c:
		fmt.Println(s)
	default:
		fmt.Println("empty?")
	}
	select {
	case s, ok := <-c:
		fmt.Println(s, ok)
	default:
		fmt.Println("empty")
	}
	var n chan int
	select {
	case n <- 1:
	case <-n:
	default:
		fmt.Println("nil channels")
	}
	select {
	default:
		fmt.Println("only default")
	}
	close(c)
	func() {
		defer func() { fmt.Println(recover()) }()
		select {
		case c <- "closed":
		case <-n:
		}
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		select {
		case c <- "closed":
		default:
		}
	}()
}

func control() (s string) {
	c := make(chan int)
	done := make(chan struct{})
	go func() {
		for i := range 10 {
			c <- i
		}
		close(done)
	}()
loop:
	for {
		select {
		case v := <-c:
			switch {
			case v == 2:
				continue loop
			case v == 4:
				break
			case v == 8:
				break loop
			default:
				s += fmt.Sprint(v)
			}
			if v == 6 {
				goto out
			}
		case <-done:
			return s + "done"
		}
		s += ","
	}
	return s + "broken"
out:
	for {
		select {
		case v, ok := <-c:
			defer func() { s += fmt.Sprint("d", v) }()
			if !ok {
				return
			}
		case <-done:
			return s + "!"
		}
	}
}

func many() {
	var cs [12]chan int
	for i := range cs {
		cs[i] = make(chan int)
	}
	var wg sync.WaitGroup
	sum := 0
	for i, c := range cs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range 100 {
				c <- i*1000 + j
			}
		}()
	}
	stop := make(chan bool)
	go func() { wg.Wait(); close(stop) }()
	for {
		select {
		case v := <-cs[0]:
			sum += v
		case v := <-cs[1]:
			sum += v
		case v := <-cs[2]:
			sum += v
		case v := <-cs[3]:
			sum += v
		case v := <-cs[4]:
			sum += v
		case v := <-cs[5]:
			sum += v
		case v := <-cs[6]:
			sum += v
		case v := <-cs[7]:
			sum += v
		case v := <-cs[8]:
			sum += v
		case v := <-cs[9]:
			sum += v
		case v := <-cs[10]:
			sum += v
		case v := <-cs[11]:
			sum += v
		case <-stop:
			fmt.Println(sum)
			return
		}
	}
}

func widths() {
	type empty struct{}
	e, u8, f, s, a, i := make(chan empty, 1), make(chan uint8, 1), make(chan float32, 1), make(chan []int, 1), make(chan [0]int, 1), make(chan any, 1)
	var got []string
	add := func(v ...any) { got = append(got, fmt.Sprint(v...)) }
	for n := range 2 {
		e <- empty{}
		u8 <- uint8(250 + n)
		f <- 1.5
		s <- []int{n}
		a <- [0]int{}
		i <- n
	inner:
		for range 6 {
			select {
			case x := <-e:
				add(x)
				continue inner
			case x, ok := <-u8:
				add(x+5, ok)
			default:
				select {
				case x := <-f:
					add(x)
				case x := <-s:
					add(x[0])
				case x := <-a:
					add(x)
				case x := <-i:
					add(x)
				}
			}
		}
	}
	slices.Sort(got)
	fmt.Println(got)
}

func timers() {
	c := make(chan int)
	go func() { time.Sleep(time.Millisecond); c <- 1 }()
	select {
	case v := <-c:
		fmt.Println("got", v)
	case <-time.After(time.Minute):
		fmt.Println("late")
	}
	select {
	case <-c:
	case t := <-time.After(time.Millisecond):
		fmt.Println(t.IsZero())
	}
	go func() { select {} }()
}

func onlySend[T any](v T, cs ...chan T) (n int) {
	for range cs {
		select {
		case cs[0] <- v:
			n |= 1
		case cs[1] <- v:
			n |= 2
		}
	}
	return
}

func main() {
	receiveInto()
	order()
	single()
	fmt.Println(control())
	many()
	widths()
	timers()
	fmt.Println(onlySend("x", make(chan string, 1), make(chan string, 1)), onlySend(wide{}, make(chan wide, 2), nil))
	defer fmt.Println("unblocked")
	var once sync.Once
	c := make(chan int)
	go once.Do(func() { close(c) })
	for range c {
	}
}
