package asl

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"time"

	"orderops/aws/local/wire"
)

// maxWait is the longest wait of a Wait state; a timestamp 24,856 days ahead is refused (recorded).
const maxWait = math.MaxInt32 * time.Second

// wait is the work of a Wait state: it lets time pass. What is past takes none.
func (f *fields) wait() worker {
	forms := []string{"Seconds", "Timestamp", "SecondsPath", "TimestampPath"}
	present, _ := f.present(forms...)
	f.atMostOne(forms...)
	f.seconds("Seconds", 0, 0)
	if text, ok := member[string](f, "Timestamp"); ok && !isTimestamp(text) {
		f.fail("Timestamp", "String does not match RFC3339 timestamp")
	}
	if len(present) != 1 {
		if len(present) == 0 {
			f.report(codeSchema, f.at, "One of these fields is required: [%s]", strings.Join(forms, ", "))
		}
		return nil
	}
	form := present[0]
	literal, _ := f.members.get(form)
	var p *path
	if strings.HasSuffix(form, "Path") {
		p = f.path(form)
	}
	return func(ctx context.Context, v *visit, data document) (document, error) {
		value := literal
		if p != nil {
			var err error
			if value, err = v.at(p, data); err != nil {
				return document{}, runtimeFailure("The %s parameter does not reference an input value: %s", form, p.text)
			}
		}
		d := wire.Must(pause(form, value, literal))
		return data, sleep(ctx, d)
	}
}

// pause is how long a Wait state waits from now on for what its field in one of
// its forms says. The path that led to the value is told when it can't be used.
func pause(form string, value, path any) (d time.Duration, err error) {
	if strings.HasPrefix(form, "Timestamp") {
		until, ok := parseTimestamp(value)
		if !ok {
			return 0, runtimeFailure("The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s", path, plain(value))
		}
		d = time.Until(until)
	} else {
		n, _ := value.(json.Number)
		seconds, err := n.Int64()
		switch {
		case err != nil:
			return 0, runtimeFailure("The SecondsPath parameter cannot be parsed as a long value: %s == %s", path, plain(value))
		case seconds < 0:
			return 0, runtimeFailure("The SecondsPath parameter references a negative value: %s == %d", path, seconds)
		}
		d = time.Duration(min(seconds, math.MaxInt64/int64(time.Second))) * time.Second
	}
	if d > maxWait {
		return 0, runtimeFailure("Wait state delay is too long.")
	}
	return d, nil
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
