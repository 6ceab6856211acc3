package spark_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"orderops/ui/component/spark"
	"orderops/ui/text"
)

func TestLine(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, c := range []struct {
		name   string
		values []float64
		w      int
		want   string
	}{
		{"all eight", []float64{1, 2, 3, 4, 5, 6, 7, 8}, 8, "▁▂▃▄▅▆▇█"},
		{"newest at the right", []float64{0, 8}, 4, "  ▁█"},
		{"only the last", []float64{8, 0, 8}, 2, "▁█"},
		{"all zero", []float64{0, 0}, 2, "▁▁"},
		{"unknown", []float64{nan, 1}, 2, " █"},
		{"below zero, infinite", []float64{-5, 4, math.Inf(1)}, 3, "▁██"},
		{"something is more than nothing", []float64{0, 1, 1000}, 3, "▁▁█"},
		{"none", nil, 3, "   "},
		{"no room", []float64{1}, 0, ""},
	} {
		if got := spark.Line(c.values, c.w); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestBar(t *testing.T) {
	t.Parallel()
	for part, want := range map[float64]string{0: "░░░░", 0.5: "██░░", 1: "████", 7: "████", -1: "░░░░"} {
		if got := spark.Bar(part, 4); got != want {
			t.Errorf("%v: %q, want %q", part, got, want)
		}
	}
	if got := spark.Bar(math.NaN(), 2); got != "░░" {
		t.Errorf("NaN: %q", got)
	}
}

func TestWidth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.IntRange(0, 50).Draw(t, "w")
		if got := spark.Line(rapid.SliceOf(rapid.Float64()).Draw(t, "values"), w); text.Width(got) != w {
			t.Fatalf("%q has %d cells, want %d", got, text.Width(got), w)
		}
	})
}
