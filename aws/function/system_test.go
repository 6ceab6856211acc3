package function_test

import (
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"orderops/workflow"
)

const body = `{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`

func TestAnOrderFromQueueToMail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rates map[string]string
		want  map[string]string
		seen  []string // one of these is the error message
		mail  string
	}{
		"success":           {nil, map[string]string{"order_status": "SUCCESS"}, []string{""}, "Order status: SUCCESS"},
		"payment declined":  {map[string]string{"PAYMENT_FAILURE_RATE": "1"}, map[string]string{"order_status": "FAILURE"}, []string{"could not contact payment processor", "payment method declined", "unknown error"}, "Order status: FAILURE"},
		"restaurant closed": {map[string]string{"RESTAURANT_FAILURE_RATE": "1"}, map[string]string{"order_status": "FAILURE"}, []string{"could not contact restaurant", "could not understand order", "unknown error"}, "Order status: FAILURE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				wake()
				s := newSystem(t, func(_ string, environment map[string]string) {
					maps.Copy(environment, c.rates)
				})
				defer s.cloud.Close()
				id := s.send(t, body)
				time.Sleep(10 * time.Second)
				if got := s.row(t, "Burger_20", id)["order_status"]; got != "PENDING" {
					t.Errorf("after 10 s the row is %q, want PENDING", got)
				}
				time.Sleep(time.Minute)
				if got := s.execution(t, id); got.Status != "SUCCEEDED" {
					t.Fatalf("execution is %s: %v %v", got.Status, got.Error, got.Cause)
				}
				row := s.row(t, "Burger_20", id)
				if !slices.Contains(c.seen, row["error_message"]) {
					t.Errorf("error message is %q, want one of %q", row["error_message"], c.seen)
				}
				delete(row, "error_message")
				want := map[string]string{
					"user_id": "Burger_20", "id": id, "restaurant_id": "Restaurant 4", "quantity": "3",
					"created_at": "2026-11-23T08:00:00.000Z", "created_day": workflow.DayKey(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), workflow.OrderID(id)), "message_id": id, "order_status": c.want["order_status"],
				}
				if diff := cmp.Diff(want, row); diff != "" {
					t.Error(diff)
				}
				var mails []string
				for _, m := range s.cloud.Mail() {
					if m.MessageID != "" { // the others ask to confirm the subscription
						mails = append(mails, m.Body)
					}
				}
				if diff := cmp.Diff([]string{c.mail}, mails); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestTheInputIsTheContract(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		wake()
		s := newSystem(t, nil)
		defer s.cloud.Close()
		id := s.send(t, body)
		time.Sleep(10 * time.Second)
		want := `{"user_id":"Burger_20","restaurant_id":"Restaurant 4","quantity":"3","id":"` + id + `","created_at":"2026-11-23T08:00:00.000Z","order_status":"PENDING"}`
		if got := *s.execution(t, id).Input; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

// A batch that holds poison loses nothing but the poison, which ends among the
// dead letters.
func TestPoisonAmongOrders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		wake()
		s := newSystem(t, nil)
		defer s.cloud.Close()
		var orders []string
		for i := range 9 {
			if i == 4 {
				s.send(t, `{"data":{"user_id":"Burger_9","quantity":"three","restaurant_id":"Restaurant 4"}}`)
			}
			orders = append(orders, s.send(t, body))
		}
		time.Sleep(time.Hour)
		for _, id := range orders {
			if got := s.execution(t, id).Status; got != "SUCCEEDED" {
				t.Errorf("order %s is %s", id, got)
			}
		}
		if got := s.visible(t, deadURL); got != "1" {
			t.Errorf("%s dead letters, want 1", got)
		}
		if got := s.visible(t, queueURL); got != "0" {
			t.Errorf("%s messages left on the queue, want 0", got)
		}
	})
}
