package deploy_test

import (
	"errors"
	"testing"
	"time"

	"orderops/workflow"
	"orderops/workflow/operation"
)

// putRight is one visit of an operator, who has nothing but the tool. It tells
// whether there was anything to put right. Dead letters that are safe are
// redriven, those that were processed are deleted; executions that broke off are
// redriven, and their dead letters wait for the next visit. What can't be read
// stays.
func (s *story) putRight(t *testing.T) (something bool) {
	t.Helper()
	letters := s.inspect(t)
	byVerdict := map[workflow.Verdict][]workflow.DeadLetter{}
	for _, letter := range letters {
		byVerdict[letter.Verdict] = append(byVerdict[letter.Verdict], letter)
		dealt, seen := s.letters[letter.ID]
		switch {
		case !seen:
			s.did["letters "+string(letter.Verdict)]++
			s.letters[letter.ID] = false
		case dealt: // SQS delivers some messages once more after their deletion
			s.did["letters come again"]++
		}
		if (letter.Verdict == workflow.Malformed) != s.poison[string(letter.Body)] {
			t.Errorf("%q is %s: %s", letter.Body, letter.Verdict, letter.Why)
		}
	}
	known := 0
	for _, v := range []workflow.Verdict{workflow.Malformed, workflow.Safe, workflow.Processed, workflow.Broken} {
		known += len(byVerdict[v])
	}
	if known != len(letters) {
		t.Fatalf("of %d letters %d have a verdict that nobody can act on: %v", len(letters), len(letters)-known, byVerdict)
	}
	if safe := byVerdict[workflow.Safe]; len(safe) > 0 {
		s.redrive(t, letters, len(safe))
		something = true
	}
	if processed := byVerdict[workflow.Processed]; len(processed) > 0 {
		s.run(t, operation.Selection{Do: operation.Delete, Letters: processed}, len(processed))
		s.did["letters deleted"] += len(processed)
		something = true
	}
	return s.redriveExecutions(t) || something
}

// inspect receives all dead letters, gives them back, and judges them.
func (s *story) inspect(t *testing.T) (all []workflow.DeadLetter) {
	t.Helper()
	inspection, _, err := s.desk.Inspect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for done := false; !done; {
		page, err := inspection.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all, done = append(all, page.Letters...), page.Done
	}
	if _, err := inspection.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if all, err = s.desk.Judge(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	return all
}

// run plans and applies, and wants all of it done and nothing in doubt.
func (s *story) run(t *testing.T, selection operation.Selection, want int) *operation.Run {
	t.Helper()
	selection.Rate = 100
	plan, err := s.desk.PlanRun(t.Context(), selection)
	if err != nil || len(plan.Eligible) != want {
		t.Fatalf("%s: %d of %d are eligible, want %d, %v", selection.Do, len(plan.Eligible), len(selection.Letters), want, err)
	}
	for _, letter := range plan.Eligible {
		s.letters[letter.ID] = true
	}
	run, _, err := s.desk.Start(t.Context(), plan, nil)
	if err == nil {
		err = run.Wait(t.Context())
	}
	p := run.Progress()
	if err != nil || p.Status != operation.Finished || p.Done != want || p.Doubtful+p.LeftOut+p.Sent != 0 {
		t.Fatalf("%s: %+v, want %d, %v", selection.Do, p, want, err)
	}
	return run
}

// redrive sends on what is safe of the letters, and follows each to its end.
func (s *story) redrive(t *testing.T, letters []workflow.DeadLetter, safe int) {
	t.Helper()
	run := s.run(t, operation.Selection{Do: operation.Redrive, Letters: letters, Reason: "the consumer failed"}, safe)
	run.Follow(t.Context())
	if p := run.Progress(); p.Outcomes[operation.Succeeded] != safe {
		t.Errorf("of %d redriven %v", safe, p.Outcomes)
	}
	s.did["letters redriven"] += safe
}

// redriveExecutions lets all executions go on that broke off.
func (s *story) redriveExecutions(t *testing.T) (something bool) {
	t.Helper()
	broken, _, err := s.session.Execution.Broken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(broken) == 0 {
		return false
	}
	var prospects []operation.Prospect
	for _, e := range broken {
		prospects = append(prospects, s.desk.Prospect(e, "", ""))
	}
	prospects = s.desk.Look(t.Context(), prospects)
	if _, err := s.desk.PlanRedriveExecutions(prospects); err != nil {
		t.Fatal(err)
	}
	for _, p := range operation.Eligible(prospects) {
		for {
			_, err := s.desk.RedriveExecution(t.Context(), p)
			if err == nil {
				break
			}
			problem, ok := errors.AsType[*workflow.Problem](err)
			if !ok || problem.Kind != workflow.OverBudget {
				t.Fatal(err)
			}
			time.Sleep(problem.RetryAfter) // the tool's own pace
		}
		s.did["executions redriven"]++
	}
	return true
}
