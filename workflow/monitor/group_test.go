package monitor

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"orderops/workflow"
	"orderops/workflow/query"
)

// letterOf is a dead letter of one of few kinds, sent at one of few times.
func letterOf(id, kind, second int) workflow.DeadLetter {
	bodies := []string{
		`{"data":{"user_id":"u","quantity":"three","restaurant_id":"r"}}`, `{"data":{"user_id":"u","quantity":"4 pcs","restaurant_id":"r"}}`,
		`{"data":`, `{"data":{"user_id":"u","quantity":"3","restaurant_id":"r"}}`,
	}
	sent := time.Unix(int64(1_700_000_000+second), 0)
	if second == 0 {
		sent = time.Time{}
	}
	letter := workflow.Judge(workflow.Message{ID: workflow.MessageID(fmt.Sprint("m", id)), Body: []byte(bodies[kind%4]), Sent: sent}, workflow.Queue{}, workflow.Queue{})
	if kind >= 4 && letter.Problem == nil {
		letter.Verdict, letter.Why = workflow.Safe, "no execution has any of its ids"
	}
	return letter
}

// TestGroupsFollowTheLetters compares the groups that are kept with those that
// are counted, whatever comes, changes and goes.
func TestGroupsFollowTheLetters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := NewStore()
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			id, kind, second := rapid.IntRange(0, 9).Draw(t, "id"), rapid.IntRange(0, 7).Draw(t, "kind"), rapid.IntRange(0, 5).Draw(t, "sent")
			switch rapid.IntRange(0, 9).Draw(t, "do") {
			case 0:
				s.Apply(InspectionStarted{})
			case 1, 2:
				s.Apply(DeadLettersGone{IDs: []workflow.MessageID{workflow.MessageID(fmt.Sprint("m", id))}})
			case 3:
				s.Apply(DeadLettersJudged{Letters: []workflow.DeadLetter{letterOf(id, kind, second)}})
			default:
				s.Apply(DeadLettersRead{Letters: []workflow.DeadLetter{letterOf(id, kind, second)}})
			}
			counted := map[GroupKey]Group{}
			for d := range s.DeadLetters().All() {
				g := counted[d.Key()]
				g.GroupKey = d.Key()
				g.Count++
				g.span(d.Sent)
				counted[d.Key()] = g
			}
			kept := map[GroupKey]Group{}
			for _, g := range s.DeadLetterGroups() {
				kept[g.GroupKey] = g
			}
			if diff := cmp.Diff(counted, kept); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// Whose order a malformed body is can be listed and filtered by, as far as it can be read.
func TestMalformedTellsWhatCanBeRead(t *testing.T) {
	t.Parallel()
	s := NewStore()
	s.Apply(DeadLettersRead{Letters: []workflow.DeadLetter{letterOf(1, 1, 1), letterOf(2, 2, 1)}})
	q, err := query.Parse("user:u restaurant:r", s.DeadLetters().Columns()...)
	if err != nil {
		t.Fatal(err)
	}
	s.DeadLetters().SetFilter(q, time.Now())
	if s.DeadLetters().Len() != 1 || s.DeadLetters().At(0).ID != "m1" || s.DeadLetters().At(0).Draft.Quantity != "4 pcs" {
		t.Errorf("%d rows pass", s.DeadLetters().Len())
	}
}

// TestGroupFilter lets just the letters of each group through.
func TestGroupFilter(t *testing.T) {
	t.Parallel()
	s := NewStore()
	for i := range 24 {
		s.Apply(DeadLettersRead{Letters: []workflow.DeadLetter{letterOf(i, i%8, i)}})
	}
	groups := s.DeadLetterGroups()
	if len(groups) != 4 {
		t.Errorf("%d groups: %v", len(groups), groups)
	}
	for _, g := range groups {
		q, err := query.Parse(g.Filter(), s.DeadLetters().Columns()...)
		if err != nil {
			t.Fatal(err)
		}
		s.DeadLetters().SetFilter(q, time.Now())
		passed := map[workflow.MessageID]bool{}
		for i := range s.DeadLetters().Len() {
			passed[s.DeadLetters().At(i).ID] = true
		}
		own := map[workflow.MessageID]bool{}
		for _, letter := range s.InGroups(g.GroupKey) {
			own[letter.ID] = true
		}
		if len(own) != g.Count || !maps.Equal(passed, own) {
			t.Errorf("%s lets %v through, the group is %v", g.Filter(), slices.Sorted(maps.Keys(passed)), slices.Sorted(maps.Keys(own)))
		}
	}
}
