package operation_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation"
)

// TestOutcomes follows redriven orders to every end that they can come to.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		set  func(s *system)
		want string
	}{
		"succeeded":                    {func(*system) {}, operation.Succeeded},
		"the consumer ignores lineage": {func(s *system) { s.ignores.Store(true) }, operation.Succeeded},
		"failed again":                 {func(s *system) { s.broken.Store(true) }, operation.FailedAgain},
		"bounced":                      {func(s *system) { s.outage.Store(true) }, operation.BouncedBack},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSystem(t)
				s.kill(3)
				desk, j := s.journaled(nil)
				inspection, judged := s.judged(desk)
				c.set(s)
				run, err := s.redrive(desk, operation.Selection{Letters: judged}, inspection)
				if err != nil {
					t.Fatal(err)
				}
				run.Follow(t.Context())
				runs, err := j.Runs() // as the next start will read it
				if err != nil {
					t.Fatal(err)
				}
				for _, item := range runs[0].Items {
					if !strings.HasPrefix(item.Outcome, c.want) {
						t.Errorf("%s: %q, want %q", item.ID, item.Outcome, c.want)
					}
				}
				n := 0
				for _, count := range run.Progress().Outcomes {
					n += count
				}
				if n != 3 {
					t.Errorf("the run tells %v", run.Progress().Outcomes)
				}
				if q, err := s.session.Queue.Describe(t.Context(), deadURL); err != nil || q.InFlight != 0 {
					t.Errorf("%d messages are still hidden, %v", q.InFlight, err)
				}
			})
		})
	}
}

// TestCanary wants the rest redriven when the first succeed, and left alone,
// with the reason, when they do not.
func TestCanary(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]bool{"succeeds": false, "fails": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSystem(t)
				s.kill(20)
				desk, _ := s.journaled(nil)
				inspection, judged := s.judged(desk)
				s.broken.Store(broken)
				run, err := s.redrive(desk, operation.Selection{Letters: judged, Canary: 5, Threshold: 0.8}, inspection)
				p := run.Progress()
				if !broken && (err != nil || p.Done != 20 || p.Status != operation.Finished) {
					t.Errorf("%+v, %v", p, err)
				}
				if broken && (workflow.KindOf(err) != workflow.Refused || p.Done != 5 || s.deadTotal() != 15 || !strings.Contains(p.Why, "0 succeeded, fewer than 80 %")) {
					t.Errorf("%+v, %v, %d dead letters", p, err, s.deadTotal())
				}
				time.Sleep(time.Minute)
			})
		})
	}
}
