package workflow_test

import (
	"testing"

	"orderops/workflow"
)

func TestPageUnits(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		size workflow.TableSize
		rows int
		want float64
	}{
		"not counted yet":          {workflow.TableSize{}, 200, 0.5},
		"less than a page":         {workflow.TableSize{Rows: 10, Bytes: 2500}, 200, 0.5},
		"200 rows of 250 bytes":    {workflow.TableSize{Rows: 12_400, Bytes: 3_100_000}, 200, 6.5},
		"from each of four shards": {workflow.TableSize{Rows: 12_400, Bytes: 3_100_000, ByDay: true}, 200, 26},
		"no more than there is":    {workflow.TableSize{Rows: 450, Bytes: 60_000, ByDay: true}, 200, 9.5},
		"a call reads no more":     {workflow.TableSize{Rows: 1000, Bytes: 400_000_000}, 200, 128},
		"of four shards":           {workflow.TableSize{Rows: 1000, Bytes: 400_000_000, ByDay: true}, 200, workflow.MostPageUnits()},
	} {
		if got := test.size.PageUnits(test.rows); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	if got := (workflow.TableSize{Rows: 12_400, Bytes: 3_100_000}).WholeUnits(); got != 378.5 {
		t.Errorf("the whole table: %v", got)
	}
}
