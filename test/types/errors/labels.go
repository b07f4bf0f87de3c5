package p

func f(n int, ch chan int) {
L1:
	for {
		break L1
		break L2
		continue L1
	}
L2:
	switch n {
	case 1:
		break L2
		continue L2
	}
L3:
	n++
	goto L3
	goto L4
	x := 1
	_ = x
L4:
	{
	L5:
		n++
	}
	goto L5
L6:
L1:
	if n == 1 {
		break
		continue
		break L6
	}
	for {
		switch {
		case true:
			continue
			break
		}
		func() {
			break
			continue
			goto L3
		L3:
		}()
		select {
		case <-ch:
			break
			fallthrough
		default:
			continue
		}
	}
	fallthrough
	goto undefinedLabel
_:
	goto _
}

func g(i interface{}) int {
	switch i.(type) {
	case int:
		fallthrough
	case string:
		return 1
	}
	switch {
	case true:
		{
			fallthrough
		}
	case false:
		if true {
			fallthrough
		}
		fallthrough
	}
Outer:
	for {
		for {
			continue Outer
		}
	}
}

func h() int {
	goto End
End:
	return 1
Unused:
	panic(1)
}
