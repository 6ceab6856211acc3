package order_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/workflow"
)

// What is said before a page is read is what the page then costs, or a little more.
func TestAPageCostsWhatWasSaid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := byDay(t)
		defer b.cloud.Close()
		for n := range 300 {
			b.place(n, time.Now(), true)
		}
		size, err := b.Size(t.Context())
		if err != nil || size.Rows != 300 || size.Bytes < 300*40 || !size.ByDay {
			t.Fatalf("%+v, %v", size, err)
		}
		for _, limit := range []int{10, 50, 200} {
			_, _, units, err := b.Newest(t.Context(), "", limit)
			if said := size.PageUnits(limit); err != nil || units > said || units < said/4 {
				t.Errorf("%d rows: said %v, cost %v, %v", limit, said, units, err)
			}
		}
	})
}

func TestSizeWithoutIndexOrPermission(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		b.fill(3)
		if size, err := b.Size(b.Context()); err != nil || size.Rows != 3 || size.ByDay {
			b.Errorf("%+v, %v", size, err)
		}
		b.fault = func(call local.Call) *wire.Error { return call.Denied("table/order-table") }
		_, err := b.Size(b.Context())
		if problem, ok := errors.AsType[*workflow.Problem](err); !ok || problem.Operation != "dynamodb:DescribeTable" || problem.Target != "order-table" {
			b.Errorf("got %v", err)
		}
	})
}
