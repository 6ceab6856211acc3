package monitor_test

import (
	"testing"

	"orderops/workflow"
	"orderops/workflow/monitor"
)

// What can't be answered before a letter is judged must say so: a deletion asks
// again then.
func TestLetterFilterSaysWhatNeedsAVerdict(t *testing.T) {
	t.Parallel()
	letter := workflow.Judge(workflow.Message{ID: "m", Body: []byte(`{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"R"}}`), ReceiveCount: 4}, workflow.Queue{}, workflow.Queue{})
	for filter, want := range map[string]struct{ judged, match bool }{
		"":                       {false, true},
		"receives:>0":            {false, true},
		"user:Burger_20 size:>1": {false, true},
		"user:other":             {false, false},
		"verdict:safe":           {true, false},
		"!safe":                  {true, true},
		"Burger":                 {true, true},
		"user:B !group:x":        {true, true},
	} {
		match, judged, err := monitor.LetterFilter(filter)
		if err != nil || judged != want.judged || match(letter) != want.match {
			t.Errorf("%q: judged %v, match %v, %v", filter, judged, match(letter), err)
		}
	}
	if _, _, err := monitor.LetterFilter("size:>>"); err == nil {
		t.Error("a filter that can't be read is taken")
	}
}
