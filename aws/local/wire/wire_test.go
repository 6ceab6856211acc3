package wire_test

import (
	"strings"
	"testing"

	"orderops/aws/local/wire"
)

func TestPage(t *testing.T) {
	t.Parallel()
	all := strings.Split("abcde", "")
	for token, want := range map[string]string{"": "ab 2", "2": "cd 4", "4": "e ", "5": " ", "99": " "} {
		page, next, ok := wire.Page(all, token, 2)
		if got := strings.Join(page, "") + " " + next; got != want || !ok {
			t.Errorf("page at %q = %q, %v; want %q", token, got, ok, want)
		}
	}
	for _, token := range []string{"x", "-1", "99999999999999999999"} {
		if _, _, ok := wire.Page(all, token, 2); ok {
			t.Errorf("token %q is taken", token)
		}
	}
}
