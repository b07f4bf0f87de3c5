// 20,000 requests over TLS from 50 goroutines to a server in the same process.
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
)

func main() {
	requests := 20000
	if len(os.Args) > 1 {
		requests, _ = strconv.Atoi(os.Args[1])
	}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "hello %s", r.URL.Query().Get("n"))
	}))
	defer server.Close()
	client := server.Client()
	client.Transport.(*http.Transport).MaxIdleConnsPerHost = 50
	var right atomic.Int64
	var wg sync.WaitGroup
	for g := range 50 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range requests / 50 {
				n := g*1000000 + i
				r, err := client.Get(server.URL + "/?n=" + strconv.Itoa(n))
				if err != nil {
					fmt.Println(err)
					return
				}
				body, err := io.ReadAll(r.Body)
				r.Body.Close()
				if err == nil && string(body) == fmt.Sprint("hello ", n) {
					right.Add(1)
				}
			}
		}()
	}
	wg.Wait()
	fmt.Println(right.Load(), "of", requests)
}
