package conformance

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// bar is the least share of the recordings in scope that has to agree, in percent.
const bar = 95

func TestRecordings(t *testing.T) {
	path := folder(t)
	if path == "" {
		const missing = "The recordings of AWS are not there: name their folder in ORDEROPS_RECORDED."
		if _, err := fmt.Fprintln(os.Stdout, missing); err != nil {
			t.Fatal(err)
		}
		t.Skip(missing)
	}
	l := load(t, path)
	known := differences()
	r := newReport()
	t.Run("of", func(t *testing.T) {
		for _, recorded := range l.recordings {
			if reason := l.scope(recorded); reason != "" {
				r.add(recorded.file, outside, reason)
				continue
			}
			t.Run(recorded.id(), func(t *testing.T) {
				t.Parallel()
				judge(t, r, l.replay(t, recorded), known[recorded.id()])
			})
		}
	})
	if err := r.print(os.Stdout); err != nil {
		t.Fatal(err)
	}
	if r.share() < bar {
		t.Errorf("%.1f %% agree, at least %d %% must", r.share(), bar)
	}
}

// replay runs a recording in virtual time.
func (l *library) replay(t *testing.T, recorded *recording) (s *session) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		// The recordings compare with times of this century's second decade.
		time.Sleep(time.Until(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)))
		s = open(t, l, recorded)
		s.drive()
		for key := range recorded.answers {
			if !s.replayed[key] && len(s.differences) == 0 {
				s.differ(key, "was not replayed")
			}
		}
	})
	return s
}

// drive replays the recording by its kind.
func (s *session) drive() {
	s.t.Helper()
	if script := scripts()[s.recording.file+" "+s.recording.name()]; script != nil {
		script(s)
		return
	}
	switch {
	case strings.Contains(s.recording.file, "choice_operators"):
		s.choose()
	case strings.HasPrefix(s.recording.file, "stepfunctions/"):
		s.execute()
	}
}

// judge says what a comparison comes to. A difference that is explained but no
// longer there fails too, so that the table stays true.
func judge(t *testing.T, r *report, s *session, reason string) {
	t.Helper()
	switch recorded := s.recording; {
	case len(s.differences) == 0 && reason == "":
		r.add(recorded.file, agrees, "")
		r.credit(s.operations, s.left)
	case len(s.differences) == 0:
		t.Errorf("it agrees, but a difference is listed: %s", reason)
	case reason != "":
		r.add(recorded.file, explained, recorded.id()+": "+reason)
	default:
		r.add(recorded.file, unexplained, "")
		t.Errorf("it differs from AWS:\n%s", strings.Join(s.differences, "\n"))
	}
}
