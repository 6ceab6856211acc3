package cli_test

import (
	"strings"
	"testing"

	"orderops/workflow"
	"orderops/workflow/doctor"
)

func TestDoctorTellsWhatWhyAndWhatToDo(t *testing.T) {
	t.Parallel()
	w := &world{terminal: true, environment: map[string]string{"TERM": "xterm-256color", "LANG": "C.UTF-8"}}
	w.width, w.height = 79, 24
	w.facts = doctor.Facts{Identity: "ann\x1b[31m", Order: doctor.Read[workflow.Queue]{Value: workflow.Queue{Name: "OrderQueue"}}}
	if code := w.run(t, "doctor"); code != 1 || w.ran != "doctor" {
		t.Errorf("exit code %d, ran %q, errors %q", code, w.ran, w.err.String())
	}
	for _, want := range []string{"✗ order queue", "it has no dead-letter queue", "why  an order that nobody can read", "do   Give the queue a redrive policy.", `ann\x1b[31m`, "not checked:", "79×24"} {
		if !strings.Contains(w.out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, w.out.String())
		}
	}
	w.out.Reset()
	if w.run(t, "doctor", "-o", "json"); !strings.Contains(w.out.String(), `"state":"bad"`) || strings.Contains(w.out.String(), "\x1b") {
		t.Errorf("printed %q", w.out.String())
	}
}
