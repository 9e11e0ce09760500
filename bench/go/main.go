// Measures Go as the other contenders are measured: on one processor, over the integers 1 … count.
// Warms up, then repeats whole runs for at least the time given and prints nanoseconds per value,
// garbage collection included. A wrong sum is an error.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"
)

var capacity = flag.Int("capacity", 0, "places in the channel")

// Each adds up what comes out.
var programs = map[string]func(count int) int{
	"channel":   passThrough,
	"select":    selectOfThree,
	"semaphore": acquireAndRelease,
}

func main() {
	what := flag.String("what", "channel", "what to measure")
	count := flag.Int("count", 1_000_000, "values per run")
	warmUp := flag.Int("warm-up-ms", 250, "time to run before measuring")
	measure := flag.Int("measure-ms", 250, "time to measure for, at least")
	flag.Parse()

	runtime.GOMAXPROCS(1)
	program := programs[*what]
	if *warmUp > 0 {
		repeat(program, *count, time.Duration(*warmUp)*time.Millisecond)
	}
	fmt.Println(repeat(program, *count, time.Duration(*measure)*time.Millisecond))
}

func repeat(program func(int) int, count int, atLeast time.Duration) float64 {
	var elapsed time.Duration
	runs := 0
	for runs == 0 || elapsed < atLeast {
		start := time.Now()
		sum := program(count)
		elapsed += time.Since(start)
		runs++
		if expected := count * (count + 1) / 2; sum != expected {
			fmt.Fprintf(os.Stderr, "Expected the checksum %d, got %d\n", expected, sum)
			os.Exit(1)
		}
	}
	return float64(elapsed.Nanoseconds()) / float64(runs*count)
}

// One producer and one consumer.
func passThrough(count int) int {
	values := make(chan int, *capacity)
	go func() {
		for i := 1; i <= count; i++ {
			values <- i
		}
		close(values)
	}()
	sum := 0
	for value := range values {
		sum += value
	}
	return sum
}

// Two producers, and a third channel that is closed when both have sent all.
func selectOfThree(count int) int {
	even, odd := make(chan int), make(chan int)
	done, finished := make(chan struct{}), make(chan struct{})
	produce := func(values chan<- int, first int) {
		for i := first; i <= count; i += 2 {
			values <- i
		}
		finished <- struct{}{}
	}
	go produce(even, 2)
	go produce(odd, 1)
	go func() {
		<-finished
		<-finished
		close(done)
	}()
	sum := 0
	for {
		select {
		case value := <-even:
			sum += value
		case value := <-odd:
			sum += value
		case <-done:
			return sum
		}
	}
}

// A channel as a semaphore; as tryAcquire does, it does not wait.
func acquireAndRelease(count int) int {
	semaphore := make(chan struct{}, 4)
	sum := 0
	for i := 1; i <= count; i++ {
		select {
		case semaphore <- struct{}{}:
			sum += i
			<-semaphore
		default:
		}
	}
	if len(semaphore) != 0 {
		return -1
	}
	return sum
}
