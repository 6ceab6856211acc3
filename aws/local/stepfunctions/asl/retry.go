package asl

import (
	"encoding/json"
	"math"
	"slices"
	"time"
)

// retrier is one entry of Retry.
type retrier struct {
	errors   []string
	attempts int64
	interval time.Duration
	// most caps the interval; 0 means no cap.
	most    time.Duration
	backoff float64
	// jitter draws the interval between 0 and its full length.
	jitter bool
}

func (f *fields) retry() []retrier {
	var all []retrier
	f.objects("Retry", func(f *fields) {
		r := retrier{errors: f.errorEquals(), attempts: 3, interval: time.Second, backoff: 2}
		f.text("Comment")
		if n, ok := f.seconds("MaxAttempts", 0); ok {
			r.attempts = n
		}
		if n, ok := f.seconds("IntervalSeconds", 1); ok {
			r.interval = time.Duration(n) * time.Second
		}
		if n, ok := f.seconds("MaxDelaySeconds", 1); ok {
			r.most = time.Duration(n) * time.Second
		}
		if rate, ok := f.get("BackoffRate"); ok {
			r.backoff = f.rate(rate)
		}
		if strategy, ok := f.text("JitterStrategy"); ok {
			r.jitter = strategy == "FULL"
			if strategy != "FULL" && strategy != "NONE" {
				f.fail("JitterStrategy", "Value is not one of: [FULL, NONE]")
			}
		}
		f.finish()
		all = append(all, r)
	})
	f.allLast("Retry", len(all), func(i int) []string { return all[i].errors })
	return all
}

// rate reads BackoffRate: a number of at least 1.
func (f *fields) rate(v any) float64 {
	n, ok := v.(json.Number)
	rate, err := n.Float64()
	if !ok || err != nil || rate < 1 {
		f.fail("BackoffRate", "Value must be a number greater than or equal to 1.0")
		return 1
	}
	return rate
}

// errorEquals reads the names that a retrier or catcher matches.
func (f *fields) errorEquals() []string {
	f.require("ErrorEquals")
	names := f.texts("ErrorEquals")
	if f.has("ErrorEquals") && len(names) == 0 {
		f.fail("ErrorEquals", "Expected at least one error name")
	}
	if len(names) > 1 && slices.Contains(names, errorAll) {
		f.fail("ErrorEquals", "States.ALL can not be used with other error types")
	}
	return names
}

// allLast checks that only the last entry matches States.ALL.
func (f *fields) allLast(name string, n int, errors func(int) []string) {
	for i := range n - 1 {
		if slices.Contains(errors(i), errorAll) {
			f.fail(name, "States.ALL can only be used in the last entry")
		}
	}
}

// delay is the pause before the retry that follows after `done` retries.
// random is in [0,1).
func (r retrier) delay(done int64, random func() float64) time.Duration {
	longest := float64(maxWait)
	if r.most > 0 {
		longest = float64(r.most)
	}
	d := min(float64(r.interval)*math.Pow(r.backoff, float64(done)), longest)
	if r.jitter {
		d *= random()
	}
	return time.Duration(d)
}

// matches says whether the names of a retrier or catcher cover an error.
// States.TaskFailed covers all but time-outs (ASL, "Errors").
func matches(names []string, e string) bool {
	for _, n := range names {
		switch n {
		case e, errorAll:
			return true
		case errorTaskFailed:
			if e != errorTimeout {
				return true
			}
		}
	}
	return false
}
