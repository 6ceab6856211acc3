package asl

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"time"
)

// maxWait is the longest wait of a Wait state; a timestamp 24,856 days ahead is refused (recorded).
const maxWait = math.MaxInt32 * time.Second

// wait is the part of a Wait state: seconds or a time, as they are or where a path leads.
type wait struct {
	seconds, timestamp         any
	secondsPath, timestampPath *path
}

func (f *fields) wait() *wait {
	forms := []string{"Seconds", "Timestamp", "SecondsPath", "TimestampPath"}
	f.atMostOne(forms...)
	if present, _ := f.present(forms...); len(present) == 0 {
		f.report(codeSchema, f.at, "One of these fields is required: [%s]", strings.Join(forms, ", "))
	}
	f.seconds("Seconds", 0, 0)
	if timestamp := f.text("Timestamp"); f.has("Timestamp") && !isTimestamp(timestamp) {
		f.fail("Timestamp", "String does not match RFC3339 timestamp")
	}
	return &wait{
		f.members.values["Seconds"], f.members.values["Timestamp"],
		f.path("SecondsPath"), f.path("TimestampPath"),
	}
}

// wait pauses as the Wait state says; what is past takes no time.
func (v *visit) wait(ctx context.Context, input document) error {
	d, err := v.pause(v.state.wait, input)
	if err != nil {
		return err
	}
	if d > maxWait {
		return runtimeFailure("Wait state delay is too long.")
	}
	return sleep(ctx, d)
}

// pause is how long the state waits from now on.
func (v *visit) pause(w *wait, input document) (time.Duration, error) {
	p, field, value := w.secondsPath, "SecondsPath", w.seconds
	if w.timestamp != nil || w.timestampPath != nil {
		p, field, value = w.timestampPath, "TimestampPath", w.timestamp
	}
	text := ""
	if p != nil {
		text = p.text
		var err error
		if value, err = v.at(p, input); err != nil {
			return 0, runtimeFailure("The %s parameter does not reference an input value: %s", field, text)
		}
	}
	if field == "TimestampPath" {
		until, ok := parseTimestamp(value)
		if !ok {
			return 0, runtimeFailure("The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s", text, plain(value))
		}
		return time.Until(until), nil
	}
	n, _ := value.(json.Number)
	seconds, err := n.Int64()
	switch {
	case err != nil:
		return 0, runtimeFailure("The SecondsPath parameter cannot be parsed as a long value: %s == %s", text, plain(value))
	case seconds < 0:
		return 0, runtimeFailure("The SecondsPath parameter references a negative value: %s == %d", text, seconds)
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
func parseTimestamp(value any) (time.Time, bool) {
	text, _ := value.(string)
	t, err := time.Parse(time.RFC3339Nano, text)
	return t, err == nil && !strings.ContainsRune(text, ',') // Go takes a comma as the fraction's mark
}

// sleep waits for d or for the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
