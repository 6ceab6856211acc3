package workflow_test

import (
	"testing"

	"orderops/workflow"
)

func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	for _, cell := range []string{"=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠SUM(1)"} {
		if got := workflow.HarmlessCell(cell); got != "'"+cell {
			t.Errorf("%q became %q", cell, got)
		}
	}
	for _, cell := range []string{"", "Burger_20", "1-1", "\xff=1", "日本"} {
		if got := workflow.HarmlessCell(cell); got != cell {
			t.Errorf("%q became %q", cell, got)
		}
	}
}
