package identity_test

import (
	"regexp"
	"testing"

	"orderops/aws/local/identity"
)

func ids(i *identity.Identity, asked int) []string {
	var made []string
	for range 5 {
		for range asked {
			i.PassingID()
		}
		made = append(made, i.UUID())
	}
	return made
}

// TestIDsFollowFromTheSeed wants the same ids however much is asked in between.
func TestIDsFollowFromTheSeed(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	calm, busy := ids(identity.New("1", "r", "", 7), 0), ids(identity.New("1", "r", "", 7), 9)
	seen := map[string]bool{}
	for n, id := range calm {
		if id != busy[n] {
			t.Errorf("id %d is %s, and %s when more was asked", n, id, busy[n])
		}
		if !form.MatchString(id) || seen[id] {
			t.Errorf("id %s is no UUID of its own", id)
		}
		seen[id] = true
	}
	if other := ids(identity.New("1", "r", "", 8), 0); other[0] == calm[0] {
		t.Error("another seed makes the same ids")
	}
	if id := identity.New("1", "r", "", 7).PassingID(); seen[id] || !form.MatchString(id) {
		t.Errorf("passing id %s", id)
	}
}
