// Official evaluates lines of constant arithmetic in postfix form with
// go/constant and writes everything it can tell about each result.
package main

import (
	"bufio"
	"fmt"
	"go/constant"
	"go/token"
	"math"
	"os"
	"strconv"
	"strings"
)

var binary = map[string]token.Token{
	"+": token.ADD, "-": token.SUB, "*": token.MUL, "/": token.QUO, "//": token.QUO_ASSIGN, "%": token.REM,
	"&": token.AND, "|": token.OR, "^": token.XOR, "&^": token.AND_NOT,
}

var kinds = map[byte]token.Token{'i': token.INT, 'f': token.FLOAT, 'm': token.IMAG, 'r': token.CHAR, 's': token.STRING}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		fmt.Fprintln(out, eval(in.Text()))
	}
}

func eval(line string) (result string) {
	defer func() {
		if recover() != nil {
			result = "panic"
		}
	}()
	var stack []constant.Value
	pop := func() constant.Value {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		return v
	}
	for _, w := range strings.Split(line, "\x01") {
		switch {
		case len(w) > 2 && w[1] == ':':
			stack = append(stack, constant.MakeFromLiteral(w[2:], kinds[w[0]], 0))
		case w == "neg":
			stack = append(stack, constant.UnaryOp(token.SUB, pop(), 0))
		case w == "not":
			stack = append(stack, constant.UnaryOp(token.XOR, pop(), 0))
		case w == "not8":
			stack = append(stack, constant.UnaryOp(token.XOR, pop(), 8))
		case w == "int":
			stack = append(stack, constant.ToInt(pop()))
		case w == "float":
			stack = append(stack, constant.ToFloat(pop()))
		case w == "float64":
			f, _ := constant.Float64Val(pop())
			stack = append(stack, constant.MakeFloat64(f))
		case strings.HasPrefix(w, "<<"), strings.HasPrefix(w, ">>"):
			n, _ := strconv.Atoi(w[2:])
			op := token.SHL
			if w[0] == '>' {
				op = token.SHR
			}
			stack = append(stack, constant.Shift(pop(), op, uint(n)))
		default:
			y := pop()
			x := pop()
			stack = append(stack, constant.BinaryOp(x, binary[w], y))
		}
	}
	return describe(stack[0])
}

func describe(x constant.Value) string {
	s := fmt.Sprintf("%d %s %s", x.Kind(), x, x.ExactString())
	switch x.Kind() {
	case constant.Int:
		i, iok := constant.Int64Val(x)
		u, uok := constant.Uint64Val(x)
		s += fmt.Sprintf(" %d", constant.BitLen(x))
		if iok {
			s += fmt.Sprintf(" i%d", i)
		}
		if uok {
			s += fmt.Sprintf(" u%d", u)
		}
		s += fmt.Sprintf(" %x", constant.Bytes(x))
		fallthrough
	case constant.Float:
		f, _ := constant.Float64Val(x)
		g, _ := constant.Float32Val(x)
		s += fmt.Sprintf(" %x %x %d", math.Float64bits(f), math.Float32bits(g), constant.Sign(x))
		s += " " + constant.ToInt(x).ExactString()
		s += " " + constant.Num(x).ExactString() + " " + constant.Denom(x).ExactString()
	}
	return s
}
