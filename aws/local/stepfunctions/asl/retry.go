package asl

import (
	"encoding/json"
	"fmt"
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
	var retriers []retrier
	f.matchers("Retry", func(f *fields, errors []string) {
		r := retrier{
			errors: errors, attempts: f.seconds("MaxAttempts", 0, 3), backoff: 2,
			interval: time.Duration(f.seconds("IntervalSeconds", 1, 1)) * time.Second,
			most:     time.Duration(f.seconds("MaxDelaySeconds", 1, 0)) * time.Second,
			jitter:   f.oneOf("JitterStrategy", "NONE", "FULL") == "FULL",
		}
		if rate, ok := member[json.Number](f, "BackoffRate"); ok {
			var err error
			if r.backoff, err = rate.Float64(); err != nil || r.backoff < 1 {
				f.fail("BackoffRate", "Value must be a number greater than or equal to 1.0")
			}
		}
		retriers = append(retriers, r)
	})
	return retriers
}

// catcher is one entry of Catch.
type catcher struct {
	errors     []string
	next       string
	resultPath dataPath
}

func (f *fields) catch() []catcher {
	var catchers []catcher
	f.matchers("Catch", func(f *fields, errors []string) {
		f.require("Next")
		catchers = append(catchers, catcher{errors, f.target("Next"), f.dataPath("ResultPath")})
	})
	return catchers
}

// matchers reads Retry or Catch: entries with the names of the errors that each
// matches. Only the last one matches States.ALL.
func (f *fields) matchers(name string, read func(f *fields, errors []string)) {
	before := false
	f.objects(name, func(entry *fields) {
		if before {
			f.fail(name, "States.ALL can only be used in the last entry")
		}
		errors := entry.errorEquals()
		before = slices.Contains(errors, errorAll)
		read(entry, errors)
		entry.finish()
	})
}

func (f *fields) errorEquals() []string {
	f.require("ErrorEquals")
	array, ok := member[[]any](f, "ErrorEquals")
	var names []string
	for _, v := range array {
		name, text := v.(string)
		if !text {
			f.fail("ErrorEquals", "Expected value of type String")
		}
		names = append(names, name)
	}
	if ok && len(names) == 0 {
		f.fail("ErrorEquals", "Expected at least one error name")
	}
	if len(names) > 1 && slices.Contains(names, errorAll) {
		f.fail("ErrorEquals", "States.ALL can not be used with other error types")
	}
	return names
}

// again says whether a retrier takes the failure, and after which pause. The
// first retrier that matches decides; done counts each one's retries.
func (s *state) again(f *failure, done []int64, random func() float64) (bool, time.Duration) {
	i := slices.IndexFunc(s.retry, func(r retrier) bool { return matches(r.errors, f) })
	if i < 0 || done[i] >= s.retry[i].attempts {
		return false, 0
	}
	done[i]++
	return true, s.retry[i].delay(done[i]-1, random)
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

// caught puts a failure into what the state was given, as the first catcher that
// matches it says, and goes where that leads. A failure that nobody catches stays.
func (v *visit) caught(f *failure) (document, error) {
	i := slices.IndexFunc(v.state.catch, func(c catcher) bool { return matches(c.errors, f) })
	if i < 0 {
		return document{}, f
	}
	v.next = v.state.catch[i].next
	told := newObject().set("Error", f.name).set("Cause", f.cause)
	return v.state.catch[i].resultPath.merge(v.given, newDocument(told))
}

// matches says whether the names of a retrier or catcher cover a failure.
// States.TaskFailed covers all but time-outs (ASL, "Errors"); nothing covers
// what went wrong in the machine itself.
func matches(names []string, f *failure) bool {
	return !f.runtime && slices.ContainsFunc(names, func(name string) bool {
		return name == f.name || name == errorAll || name == errorTaskFailed && f.name != errorTimeout
	})
}

// Error names that the language itself defines (ASL, "Errors").
const (
	errorAll           = "States.ALL"
	errorTaskFailed    = "States.TaskFailed"
	errorTimeout       = "States.Timeout"
	errorRuntime       = "States.Runtime"
	errorNoChoice      = "States.NoChoiceMatched"
	errorResultPath    = "States.ResultPathMatchFailure"
	errorDataLimit     = "States.DataLimitExceeded"
	errorLambdaUnknown = "Lambda.Unknown"
)

// maxData is the most bytes of an input, output or result (quota of Step Functions).
const maxData = 256 << 10

// failure ends a state. It is an error so that it can travel up to the state.
type failure struct {
	name, cause string
	// runtime failures are told with the state's name, and neither Retry nor
	// Catch sees them (recorded: a catcher of States.Runtime does not match).
	runtime bool
}

func (f *failure) Error() string { return f.name + ": " + f.cause }

func runtimeFailure(format string, args ...any) *failure {
	return &failure{name: errorRuntime, cause: fmt.Sprintf(format, args...), runtime: true}
}

// notFoundFor is a template's or a Fail state's path that leads nowhere.
func notFoundFor(path, field string, input document) *failure {
	return runtimeFailure("The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'", path, field, input.text)
}

// tooLarge is a result above maxData; who is the state, or the resource of its task.
func tooLarge(who string) *failure {
	return &failure{name: errorDataLimit, cause: fmt.Sprintf("The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit.", who)}
}
