package text

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Count writes n with thousands separators: 2,412.
func Count(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Age writes how long ago something was, in its two largest units: 4 s, 12 m,
// 3 h 20 m, 13 d 21 h. A negative age, from a clock that is ahead, is 0 s.
func Age(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d m", d/time.Minute)
	case d < 24*time.Hour:
		return units(d/time.Hour, "h", d%time.Hour/time.Minute, "m")
	}
	return units(d/(24*time.Hour), "d", d%(24*time.Hour)/time.Hour, "h")
}

// Duration writes how long something took: 84 ms, 12.4 s, 3 m 20 s, 2 h 5 m.
func Duration(d time.Duration) string {
	if d < 0 {
		return "-" + Duration(-max(d, -1<<62))
	}
	switch {
	case d < time.Millisecond && d > 0:
		return fmt.Sprintf("%d µs", d/time.Microsecond)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d/time.Millisecond)
	case d < time.Minute:
		return strconv.FormatFloat(float64(d/(100*time.Millisecond))/10, 'f', 1, 64) + " s"
	case d < time.Hour:
		return units(d/time.Minute, "m", d%time.Minute/time.Second, "s")
	}
	return Age(d)
}

func units(a time.Duration, first string, b time.Duration, second string) string {
	if b == 0 {
		return fmt.Sprintf("%d %s", a, first)
	}
	return fmt.Sprintf("%d %s %d %s", a, first, b, second)
}

// Clock writes the local time of day, 12:04:31; the zero time is –.
func Clock(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.Local().Format(time.TimeOnly)
}

// Minute writes the local time of day without its seconds, 12:04.
func Minute(t time.Time) string { return t.Local().Format("15:04") }
