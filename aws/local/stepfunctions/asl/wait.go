package asl

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"time"
)

// maxWait is the longest wait of a Wait state; a timestamp 24,856 days ahead is refused (recorded).
const maxWait = math.MaxInt32 * time.Second

// wait is the part of a Wait state: exactly one of its members is set.
type wait struct {
	seconds       *int64
	until         time.Time
	secondsPath   *path
	timestampPath *path
}

func (f *fields) wait() *wait {
	w := &wait{}
	if seconds, ok := f.seconds("Seconds", 0); ok {
		w.seconds = &seconds
	}
	if text, ok := f.text("Timestamp"); ok {
		var valid bool
		if w.until, valid = parseTimestamp(text); !valid {
			f.fail("Timestamp", "String does not match RFC3339 timestamp")
		}
	}
	w.secondsPath, _ = f.path("SecondsPath", true)
	w.timestampPath, _ = f.path("TimestampPath", true)
	f.atMostOne("Seconds", "Timestamp", "SecondsPath", "TimestampPath")
	if !f.has("Seconds") && !f.has("Timestamp") && !f.has("SecondsPath") && !f.has("TimestampPath") {
		f.report(codeSchema, f.at, "One of these fields is required: [Seconds, Timestamp, SecondsPath, TimestampPath]")
	}
	return w
}

// duration is how long the state waits from now on; what is past is 0 or less.
func (w *wait) duration(v *visit, input document) (time.Duration, error) {
	d, err := w.unbounded(v, input)
	if err == nil && d > maxWait {
		return 0, runtimeFailure("Wait state delay is too long.")
	}
	return d, err
}

func (w *wait) unbounded(v *visit, input document) (time.Duration, error) {
	switch {
	case w.seconds != nil:
		return time.Duration(*w.seconds) * time.Second, nil
	case w.secondsPath != nil:
		value, err := valueFor(v, w.secondsPath, "SecondsPath", input)
		if err != nil {
			return 0, err
		}
		return secondsOf(w.secondsPath, value)
	case w.timestampPath != nil:
		value, err := valueFor(v, w.timestampPath, "TimestampPath", input)
		if err != nil {
			return 0, err
		}
		text, _ := value.(string)
		until, ok := parseTimestamp(text)
		if !ok {
			return 0, runtimeFailure("The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s", w.timestampPath.text, plain(value))
		}
		return time.Until(until), nil
	}
	return time.Until(w.until), nil
}

func valueFor(v *visit, p *path, field string, input document) (any, error) {
	value, err := p.in(input, v.context)
	if _, ok := errors.AsType[*noPathError](err); ok {
		return nil, runtimeFailure("The %s parameter does not reference an input value: %s", field, p.text)
	}
	return value, err
}

func secondsOf(p *path, value any) (time.Duration, error) {
	n, ok := value.(json.Number)
	seconds, err := n.Int64()
	if !ok || err != nil {
		return 0, runtimeFailure("The SecondsPath parameter cannot be parsed as a long value: %s == %s", p.text, plain(value))
	}
	if seconds < 0 {
		return 0, runtimeFailure("The SecondsPath parameter references a negative value: %s == %d", p.text, seconds)
	}
	return time.Duration(min(seconds, math.MaxInt64/int64(time.Second))) * time.Second, nil
}

// plain writes a value as messages show it: a string without quotes.
func plain(value any) string {
	if s, ok := value.(string); ok {
		return s
	}
	return encode(value)
}

// parseTimestamp reads RFC 3339 with a capital T and a zone, as the language demands.
func parseTimestamp(text string) (time.Time, bool) {
	if strings.ContainsRune(text, ',') { // Go takes a comma as the fraction's mark
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	return t, err == nil
}
