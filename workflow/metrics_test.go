package workflow_test

import (
	"math"
	"slices"
	"testing"

	"orderops/workflow"
)

// TestMinutesNotToldYetAreNoZeros counts up to the newest minute that CloudWatch
// has told of anything.
func TestMinutesNotToldYetAreNoZeros(t *testing.T) {
	t.Parallel()
	none := math.NaN()
	for name, test := range map[string]struct {
		sent, failed workflow.Series
		want         []float64 // failed
	}{
		"late":                       {workflow.Series{3, 2, none, none}, workflow.Series{none, 7, none, none}, []float64{0, 7}},
		"nothing failed any more":    {workflow.Series{3, 2, 1, none}, workflow.Series{none, 7, none, none}, []float64{0, 7, 0}},
		"nothing was told of at all": {workflow.Series{none, none}, workflow.Series{none, none}, []float64{0, 0}},
	} {
		m := workflow.Metrics{Sent: test.sent, Failed: test.failed}
		if got := m.Failed.Counted(m.Told()); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
