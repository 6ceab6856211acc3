package orders

import (
	"strings"
	"testing"
)

// The word above a column is the one it is filtered by, as in where:succeeded.
func TestTitlesAreFilterNames(t *testing.T) {
	t.Parallel()
	for _, c := range columns() {
		if word, _, _ := strings.Cut(c.Title, " "); word != c.Sort {
			t.Errorf("the column %q is filtered by %q", c.Title, c.Sort)
		}
	}
}
