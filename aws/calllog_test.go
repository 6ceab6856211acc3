package aws

import (
	"fmt"
	"sync"
	"testing"

	"orderops/workflow"
)

func TestCallLogKeepsTheNewest(t *testing.T) {
	t.Parallel()
	for _, added := range []int{0, 1, logSize - 1, logSize, logSize + 1, 3*logSize + 7} {
		t.Run(fmt.Sprint(added), func(t *testing.T) {
			t.Parallel()
			l := NewCallLog()
			for i := range added {
				l.Add(workflow.Call{Target: fmt.Sprint(i)})
			}
			got := l.Recent(10 * logSize)
			if len(got) != min(added, logSize) {
				t.Fatalf("got %d calls", len(got))
			}
			for i, call := range got {
				if want := fmt.Sprint(added - 1 - i); call.Target != want {
					t.Fatalf("call %d is %s, want %s", i, call.Target, want)
				}
			}
		})
	}
}

func TestCallLogTogether(t *testing.T) {
	t.Parallel()
	l := NewCallLog()
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			for range 50 {
				l.Add(workflow.Call{})
				l.Recent(3)
			}
		})
	}
	writers.Wait()
	if n := len(l.Recent(logSize)); n != 400 {
		t.Errorf("got %d calls, want 400", n)
	}
}
