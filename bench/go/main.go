// Measures Go's own channel as the other contenders are measured: one producer and one consumer,
// two goroutines on one processor, the integers 0 … count-1 through one channel. Warms up, then
// repeats whole runs for at least the time given and prints nanoseconds per value, garbage
// collection included. A wrong sum is an error.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"
)

func main() {
	capacity := flag.Int("capacity", 0, "places in the channel")
	count := flag.Int("count", 1_000_000, "values per run")
	warmUp := flag.Int("warm-up-ms", 250, "time to run before measuring")
	measure := flag.Int("measure-ms", 250, "time to measure for, at least")
	flag.Parse()

	runtime.GOMAXPROCS(1)
	if *warmUp > 0 {
		repeat(*capacity, *count, time.Duration(*warmUp)*time.Millisecond)
	}
	fmt.Println(repeat(*capacity, *count, time.Duration(*measure)*time.Millisecond))
}

func repeat(capacity, count int, atLeast time.Duration) float64 {
	var elapsed time.Duration
	runs := 0
	for runs == 0 || elapsed < atLeast {
		start := time.Now()
		sum := passThrough(capacity, count)
		elapsed += time.Since(start)
		runs++
		if expected := count * (count - 1) / 2; sum != expected {
			fmt.Fprintf(os.Stderr, "Expected the checksum %d, got %d\n", expected, sum)
			os.Exit(1)
		}
	}
	return float64(elapsed.Nanoseconds()) / float64(runs*count)
}

func passThrough(capacity, count int) int {
	values := make(chan int, capacity)
	go func() {
		for i := 0; i < count; i++ {
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
