package operation_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
)

// assassin ends the program at one call: before the call acts, or after it
// acted and before its answer arrives. The journal is what it was on the disk
// at that moment. The program's later calls reach nobody.
type assassin struct {
	at    int // the call that is the last; 0 lets it live
	after bool
	// loses is the call whose answer is lost while the program lives on; 0 is none.
	loses int

	mu       sync.Mutex
	seen     int
	dead     bool
	dir, rip string // the journal, and its copy of the moment
}

var errKilled = errors.New("the program is no more")

func (a *assassin) send(request *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
	_, action, _ := strings.Cut(request.Header.Get("X-Amz-Target"), "AmazonSQS.")
	durable := action == "SendMessageBatch" || action == "DeleteMessageBatch" || action == "ChangeMessageVisibilityBatch" || action == "ReceiveMessage"
	a.mu.Lock()
	if durable && !a.dead {
		a.seen++
	}
	doomed := durable && a.seen == a.at && !a.dead
	if doomed && !a.after {
		a.kill()
	}
	dead := a.dead
	a.mu.Unlock()
	if dead {
		return nil, errKilled
	}
	response, err := send()
	a.mu.Lock()
	defer a.mu.Unlock()
	if doomed && a.after {
		a.kill()
	}
	if durable && a.loses > 0 && a.seen == a.loses {
		a.loses = 0
		return lost(request, func() (*http.Response, error) { return response, err })
	}
	if a.dead {
		if err == nil {
			_ = response.Body.Close()
		}
		return nil, errKilled
	}
	return response, err
}

func (a *assassin) kill() {
	a.dead = true
	if err := os.CopyFS(a.rip, os.DirFS(a.dir)); err != nil {
		panic(err)
	}
}

// life runs one life of the program: it finishes what broke off, or redrives
// what is left. It tells whether there was anything to do.
func (s *system) life(a *assassin, named map[workflow.OrderID]bool, verify bool) (idle bool) {
	s.Helper()
	deadly := a.send
	s.transport.Store(&deadly)
	defer s.transport.Store(nil)
	j, err := journal.Open(a.dir)
	if err != nil {
		s.Fatal(err)
	}
	desk := s.desk(func(o *operation.Options) { o.Journal = j })
	var run *operation.Run
	open, err := desk.Unfinished()
	if err != nil {
		s.Fatal(err)
	}
	if len(open) > 0 {
		run, _, err = desk.Finish(s.Context(), open[0].Head.ID, verify)
	} else {
		run, idle, err = s.anew(desk)
	}
	if run != nil {
		_ = run.Wait(s.Context())
	}
	if err != nil && !a.dead && a.rip == "" {
		s.Fatal(err)
	}
	runs, err := j.Runs()
	if a.dead { // what a dead program knew is what it had written
		rest, _ := journal.Open(a.rip)
		runs, err = rest.Runs()
	}
	if err != nil {
		s.Fatal(err)
	}
	for i := range runs {
		for _, item := range slices.Concat(runs[i].Doubtful(), runs[i].Unfinished()) {
			named[item.OrderID] = true
		}
	}
	return idle && !a.dead
}

// anew redrives every dead letter that is there.
func (s *system) anew(desk *operation.Desk) (run *operation.Run, idle bool, err error) {
	inspection, _, err := desk.Inspect(s.Context())
	if err != nil {
		return nil, false, err
	}
	var letters []letter
	for done := false; !done; {
		page, err := inspection.Next(s.Context())
		if err != nil {
			return nil, false, err
		}
		letters = append(letters, page.Letters...)
		done = page.Done
	}
	if len(letters) == 0 {
		return nil, true, nil
	}
	judged, err := desk.Judge(s.Context(), letters)
	if err != nil {
		return nil, false, err
	}
	plan, err := desk.PlanRun(s.Context(), operation.Selection{
		Do: operation.Redrive, Letters: judged, Rate: 500, Include: []workflow.Verdict{workflow.Bounced, workflow.Malformed},
	})
	if err != nil {
		return nil, workflow.KindOf(err) == workflow.Invalid, nil // nothing that is safe is left
	}
	run, _, err = desk.Start(s.Context(), plan, inspection)
	return run, false, err
}

// crash redrives n messages through a series of deaths, then checks that
// nothing was lost and nothing doubled that was not named.
func crash(t *testing.T, n int, honours, verify bool, deaths ...*assassin) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.ignores.Store(!honours)
		bodies := s.kill(n)
		named := map[workflow.OrderID]bool{}
		dir := t.TempDir()
		for _, a := range append(deaths, &assassin{}, &assassin{}) {
			a.dir, a.rip = dir, t.TempDir()
			s.life(a, named, verify)
			if a.dead {
				dir = a.rip
			}
			time.Sleep(2 * time.Minute) // leases end, orders come to their end
		}
		for range 3 { // until there is nothing left to do
			if s.life(&assassin{dir: dir}, named, verify) {
				break
			}
			time.Sleep(2 * time.Minute)
		}
		s.balance(bodies, named, honours, verify)
	})
}

// balance wants every order to be either done, once, or among the dead letters.
func (s *system) balance(bodies map[string]string, named map[workflow.OrderID]bool, honours, verify bool) {
	s.Helper()
	list, _, err := s.session.Execution.List(s.Context(), 1000)
	if err != nil {
		s.Fatal(err)
	}
	orders := map[string]int{} // executions by body
	for _, e := range list {
		full, err := s.session.Execution.Describe(s.Context(), e.ARN)
		if err != nil {
			s.Fatal(err)
		}
		orders[workflow.DecodeInput(full.Input).UserID]++
	}
	_, rest := s.inspect(s.desk(nil), 1000)
	left := map[string]int{}
	for _, l := range rest {
		left[l.Order.UserID]++
	}
	twice := 0
	for id, body := range bodies {
		order, _ := workflow.DecodeBody([]byte(body))
		switch done, dead := orders[order.UserID], left[order.UserID]; {
		case done+dead == 0:
			s.Errorf("order %s is lost", id)
		case done > 1 && honours:
			s.Errorf("order %s was made %d times, though the consumer honours lineage", id, done)
		case done > 1:
			if twice++; !named[workflow.OrderID(id)] {
				s.Errorf("order %s was made %d times and was not named", id, done)
			}
		case dead > 0 && !verify && !named[workflow.OrderID(id)]:
			s.Errorf("order %s is left among the dead letters and was not named", id)
		}
	}
	if most := 4 * 10; twice > most {
		s.Errorf("%d orders were made twice, more than the batches in flight hold", twice)
	}
}

// TestCrashAtEveryCall kills the program before and after each call of a
// redrive that changes something, and starts it again.
func TestCrashAtEveryCall(t *testing.T) {
	t.Parallel()
	for at := 1; at <= 16; at++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("call %d after %v", at, after), func(t *testing.T) {
				t.Parallel()
				crash(t, 15, at%2 == 0, at%3 == 0, &assassin{at: at, after: after})
			})
		}
	}
}

// TestCrashesInARow kills it several times, at random calls.
func TestCrashesInARow(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			chance := rand.New(rand.NewPCG(seed, 5))
			var deaths []*assassin
			for range 4 {
				deaths = append(deaths, &assassin{at: 1 + chance.IntN(16), after: chance.IntN(2) == 0})
			}
			crash(t, 20, seed%2 == 0, seed%5 == 4, deaths...)
		})
	}
}
