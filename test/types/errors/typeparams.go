package p

import "unsafe"

type Int interface{ ~int | ~int8 }
type Num interface{ ~int | ~float64 | ~complex128 }
type Bytes interface{ ~string | ~[]byte }
type Slices interface{ []int | []string }
type Maps interface {
	map[string]int | map[int]int
}
type Chans interface{ chan int | <-chan int }
type Chans2 interface{ chan<- int | <-chan int }
type Chans3 interface{ chan int | chan string }
type Ptrs interface{ *int | *string }
type Arrs interface{ [3]int | [5]int }
type Funcs interface{ func(int) | func(string) }
type Mixed interface{ []int | map[int]int }
type Empty interface {
	int
	string
}
type Cmp interface{ comparable }
type Meth interface {
	~int
	M()
}
type St interface {
	struct{ f int }
}

func ops[P any, I Int, N Num, B Bytes, C comparable, E Empty](p P, q P, i I, n N, b B, c C, e E) {
	_ = p + q
	_ = p == q
	_ = p < q
	_ = c == c
	_ = c < c
	_ = p == nil
	_ = p == 1
	_ = i + 1
	_ = i + 1000
	_ = i + 1.5
	_ = i + "a"
	_ = n % n
	_ = n < n
	_ = n + 1.5
	_ = n + 1i
	_ = i << n
	_ = n << 1
	_ = 1 << i
	_ = !i
	_ = -b
	_ = ^n
	_ = i & n
	_ = b + "a"
	_ = b[0]
	_ = b[0:1:2]
	_ = &b[0]
	_ = p.(int)
	_ = e + e
	_ = p != q
	_ = i == i
	_ = i == 1.5
	switch p {
	case q:
	}
	switch p.(type) {
	}
	switch i {
	case 1, 1, 300:
	}
	p()
	p = 1
	p = nil
	i = 1000
	i = 1.5
	n = 2i
	var _ int = i
	var _ I = 5
	var _ I = int(5)
	var _ any = p
	var _ interface{ M() } = p
	i++
	b++
	var _ P = q
	var _ Int
	_ = Int(1)
	p.foo()
	_ = p.bar
	if i {
	}
	if p {
	}
	for range p {
	}
	for range i {
	}
	for x := range n {
		_ = x
	}
	for _, x := range b {
		_ = x
	}
}

func composite[S Slices, M Maps, C Chans, C2 Chans2, C3 Chans3, P Ptrs, A Arrs, F Funcs, X Mixed, T St, P1 any](s S, m M, c C, c2 C2, c3 C3, p P, a A, f F, x X, t T, p1 P1) {
	_ = s[0]
	_ = s[0:1]
	_ = m[0]
	_ = m["a"]
	<-c
	c <- 1
	<-c2
	c2 <- 1
	<-c3
	_ = *p
	_ = a[0]
	_ = a[4]
	_ = a[:]
	f(1)
	_ = x[0]
	_ = t.f
	for range s {
	}
	for range m {
	}
	for range c {
	}
	for range c2 {
	}
	for range f {
	}
	for range a {
	}
	for range p1 {
	}
	_ = len(s) + len(m) + len(c) + len(p) + len(a) + len(f) + len(p1)
	const l = len(a)
	_ = cap(m)
	_ = append(s, 1)
	_ = append(s)
	_ = make(S, 1)
	_ = make(M)
	_ = make(C)
	_ = make(X, 1)
	_ = make(P1)
	_ = make(A)
	delete(m, 1)
	clear(s)
	clear(a)
	clear(p1)
	close(c)
	close(c2)
	copy(s, s)
	_ = S{1}
	_ = M{}
	_ = A{}
	_ = T{f: 1}
	_ = P1{}
	_ = X{}
	_ = new(P1)
	_ = unsafe.Sizeof(p1)
	const sz = unsafe.Sizeof(p1)
	_ = unsafe.Slice(p, 1)
	_ = unsafe.SliceData(s)
	_ = real(p1)
	_ = complex(p1, p1)
	_ = max(s, s)
	_ = min(p1)
	defer f("a")
	_ = f == nil
	_ = s == nil
	_ = p == nil
	_ = p1 == nil
	_ = a == a
	_ = s == s
	_ = m == m
}

func conv[P, Q any, I Int, N Num, B Bytes, S Slices, E Empty](p P, i I, n N, b B, s S) {
	_ = Q(p)
	_ = P(p)
	_ = I(1)
	_ = I(1000)
	_ = I(1.5)
	_ = I("a")
	_ = N(i)
	_ = I(n)
	_ = B("abc")
	_ = B(1)
	_ = B(i)
	_ = string(b)
	_ = []byte(b)
	_ = []rune(b)
	_ = int(p)
	_ = int(i)
	_ = string(i)
	_ = string(n)
	_ = any(p)
	_ = S([]int{})
	_ = []int(s)
	_ = E(1)
	_ = P(nil)
	_ = I(nil)
	_ = (*P)(nil)
	_ = [3]int(s)
	_ = complex128(n)
	_ = float64(i)
	_ = interface{ M() }(p)
}

type G[T any] struct{ x T }

func (g G[T]) m(y T) T { return g.x + y }

type L[T any] []T

func insts[T any](t T) {
	var _ G
	var _ G[int, string]
	_ = G{}
	_ = G[int]{x: "a"}
	_ = G[T]{x: 1}
	_ = G[T]{t, t}
	_ = L[int]{1, "a"}
	G[int]{}.m("a")
	var _ G[int] = G[string]{}
	var _ L[int] = []string{}
	_ = G.m
	_ = G[int].m
	G[int].m(1, 2)
	var f func(T) = insts
	var g func(int) T = insts
	f = insts[int]
	_ = insts
	insts(insts)
	insts[T, T](t)
	var _ Num
	var _ []Num
	_ = g
	type local[P any] struct{ p P }
	_ = local[int]{1}
}

func meth[M Meth](m M) {
	m.M()
	m.N()
	_ = m + 1
	(*M).M(nil)
	_ = M.M
	_ = M.N
}

func constraint[A Int, B ~[]A, C *A](a A, b B, c C) {
	constraint(1, []int{1}, new(int))
	constraint(1, []int8{1}, new(int))
	constraint[string](1, nil, nil)
	constraint[int, []string](1, nil, nil)
	constraint("a", nil, nil)
	*c = 1
	b[0] = "a"
	b = append(b, a, 1, "x")
	for i, v := range b {
		i = v
	}
}

func (p *T) bad() {}
