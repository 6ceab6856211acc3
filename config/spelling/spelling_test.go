package spelling_test

import (
	"testing"

	"orderops/config/spelling"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{"regoin": "region", "stck": "stack", "readonly": "read_only", "zzz": "stack"} {
		if got := spelling.Nearest(word, "region", "read_only", "stack"); got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
	if got := spelling.Nearest("region"); got != "" {
		t.Errorf("among none it is %q", got)
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"kitten", "sitting", 3}, {"regoin", "region", 2}} {
		if got := spelling.Distance(test.a, test.b); got != test.want {
			t.Errorf("%s, %s: %d, want %d", test.a, test.b, got, test.want)
		}
	}
}
