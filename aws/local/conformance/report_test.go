package conformance

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
)

// outcome is what came of one recording.
type outcome int

const (
	agrees outcome = iota
	// explained: it differs, and the table of differences says why.
	explained
	// unexplained: it differs, and nobody said why.
	unexplained
	outside
)

// report counts outcomes by file. It is safe for concurrent use.
type report struct {
	mu    sync.Mutex
	files map[string]map[outcome]int
	// reasons count what is out of scope.
	reasons map[string]int
	// known are the explained differences, as "recording: reason".
	known []string
	// left counts answers that were passed over in recordings that are in scope.
	left int
}

func newReport() *report {
	return &report{files: map[string]map[outcome]int{}, reasons: map[string]int{}}
}

func (r *report) add(file string, o outcome, reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.files[file] == nil {
		r.files[file] = map[outcome]int{}
	}
	r.files[file][o]++
	switch o {
	case outside:
		r.reasons[reason]++
	case explained:
		r.known = append(r.known, reason)
	case agrees, unexplained:
	}
}

func (r *report) leave(answers int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left += answers
}

// total adds up one outcome.
func (r *report) total(o outcome) int {
	sum := 0
	for _, counts := range r.files {
		sum += counts[o]
	}
	return sum
}

// share is the part of what is in scope that agrees, in percent.
func (r *report) share() float64 {
	agree := r.total(agrees)
	all := agree + r.total(explained) + r.total(unexplained)
	if all == 0 {
		return 0
	}
	return 100 * float64(agree) / float64(all)
}

// print writes the totals, widest first what matters.
func (r *report) print(w io.Writer) error {
	const row = "%8v %6v %10v %12v %13v  %s\n"
	_, err := fmt.Fprintf(w, row, "in scope", "agree", "explained", "unexplained", "out of scope", "file")
	line := func(counts func(outcome) int, name string) {
		if err == nil {
			in := counts(agrees) + counts(explained) + counts(unexplained)
			_, err = fmt.Fprintf(w, row, in, counts(agrees), counts(explained), counts(unexplained), counts(outside), name)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(r.files)) {
		line(func(o outcome) int { return r.files[file][o] }, file)
	}
	line(r.total, "all")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "\n%.1f %% of what is in scope agrees. Passed over in agreeing recordings: %d answers of operations out of scope.\n\nOut of scope:\n", r.share(), r.left); err != nil {
		return err
	}
	for _, reason := range slices.Sorted(maps.Keys(r.reasons)) {
		if _, err := fmt.Fprintf(w, "%6d  %s\n", r.reasons[reason], reason); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintln(w, "\nExplained differences:"); err != nil {
		return err
	}
	slices.Sort(r.known)
	for _, difference := range r.known {
		if _, err := fmt.Fprintln(w, "  "+difference); err != nil {
			return err
		}
	}
	return nil
}
