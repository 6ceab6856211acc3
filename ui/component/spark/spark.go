// Package spark draws a row of numbers as one line of bars.
package spark

import (
	"math"
	"strings"
)

// Line is exactly w cells: the last w values, the newest at the right, each as
// an eighth-block bar between zero and the largest of them. A value that is not
// known (NaN) is a space; zero, and anything below, is the lowest bar. Fewer
// values than cells leave the left blank.
func Line(values []float64, w int) string {
	if w <= 0 {
		return ""
	}
	const bars = "▁▂▃▄▅▆▇█"
	const size = len("▁")
	values = values[max(0, len(values)-w):]
	top := 0.0
	for _, v := range values {
		if !math.IsInf(v, 0) && v > top {
			top = v
		}
	}
	var b strings.Builder
	b.Grow(w * size)
	for range w - len(values) {
		b.WriteByte(' ')
	}
	for _, v := range values {
		if math.IsNaN(v) {
			b.WriteByte(' ')
			continue
		}
		level := 0
		if v > 0 && top > 0 {
			level = int(math.Ceil(min(v/top, 1)*8)) - 1
		}
		level = max(0, min(level, 7))
		b.WriteString(bars[level*size : (level+1)*size])
	}
	return b.String()
}

// Bar is a progress bar of exactly w cells; part is from 0 to 1.
func Bar(part float64, w int) string {
	if w <= 0 {
		return ""
	}
	if math.IsNaN(part) {
		part = 0
	}
	full := int(math.Round(max(0, min(part, 1)) * float64(w)))
	return strings.Repeat("█", full) + strings.Repeat("░", w-full)
}
