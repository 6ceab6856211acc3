package asl

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestDelays checks the pauses before the retries.
func TestDelays(t *testing.T) {
	t.Parallel()
	half := func() float64 { return 0.5 }
	for name, c := range map[string]struct {
		retrier retrier
		want    []time.Duration
	}{
		"defaults": {retrier{interval: time.Second, backoff: 2}, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}},
		"steady":   {retrier{interval: 3 * time.Second, backoff: 1}, []time.Duration{3 * time.Second, 3 * time.Second}},
		"capped":   {retrier{interval: 2 * time.Second, backoff: 3, most: 10 * time.Second}, []time.Duration{2 * time.Second, 6 * time.Second, 10 * time.Second}},
		"jitter":   {retrier{interval: 2 * time.Second, backoff: 2, jitter: true}, []time.Duration{time.Second, 2 * time.Second}},
	} {
		for i, want := range c.want {
			if got := c.retrier.delay(int64(i), half); got != want {
				t.Errorf("%s: pause %d is %s, want %s", name, i, got, want)
			}
		}
	}
}

// TestDelayBounds: no retrier makes a pause that is negative or above its cap.
func TestDelayBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := retrier{
			interval: time.Duration(rapid.Int64Range(1, maxSeconds).Draw(t, "interval")) * time.Second,
			most:     time.Duration(rapid.Int64Range(0, maxSeconds).Draw(t, "most")) * time.Second,
			backoff:  rapid.Float64Range(1, 1e300).Draw(t, "backoff"),
			jitter:   rapid.Bool().Draw(t, "jitter"),
		}
		random := rapid.Float64Range(0, 0.999).Draw(t, "random")
		longest := maxWait
		if r.most > 0 {
			longest = r.most
		}
		if d := r.delay(rapid.Int64Range(0, maxSeconds).Draw(t, "done"), func() float64 { return random }); d < 0 || d > longest {
			t.Errorf("pause of %s, the longest is %s", d, longest)
		}
	})
}

// TestMatches checks the names with a meaning of their own.
func TestMatches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		names []string
		error string
		want  bool
	}{
		{[]string{"Boom"}, "Boom", true},
		{[]string{"Boom"}, "Bo", false},
		{[]string{"Other", "Boom"}, "Boom", true},
		{[]string{"States.ALL"}, "States.Timeout", true},
		{[]string{"States.ALL"}, "States.DataLimitExceeded", true},
		{[]string{"States.TaskFailed"}, "Boom", true},
		{[]string{"States.TaskFailed"}, "States.Timeout", false},
		{[]string{"States.TaskFailed", "States.Timeout"}, "States.Timeout", true},
	} {
		if got := matches(c.names, &failure{name: c.error}); got != c.want {
			t.Errorf("%v matches %s: %t", c.names, c.error, got)
		}
	}
}

// TestRetriersCountApart: each retrier has its own attempts, and the first that matches decides.
func TestRetriersCountApart(t *testing.T) {
	t.Parallel()
	task := &state{retry: []retrier{
		{errors: []string{"A"}, attempts: 1, interval: time.Second, backoff: 1},
		{errors: []string{"States.ALL"}, attempts: 2, interval: time.Minute, backoff: 1},
	}}
	done := make([]int64, 2)
	for i, c := range []struct {
		name string
		want bool
	}{{"A", true}, {"B", true}, {"A", false}, {"B", true}, {"B", false}} {
		if got, _ := task.again(&failure{name: c.name}, done, nil); got != c.want {
			t.Errorf("attempt %d after %s: retried %t", i, c.name, got)
		}
	}
	if again, _ := task.again(runtimeFailure("x"), make([]int64, 2), nil); again {
		t.Error("a runtime failure is retried")
	}
}
