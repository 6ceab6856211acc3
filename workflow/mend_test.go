package workflow_test

import (
	"testing"

	"orderops/workflow"
)

func TestMendKeepsTheRest(t *testing.T) {
	t.Parallel()
	const whole = `{"data":{"user_id":"B","quantity":"3","restaurant_id":"R"}}`
	for body, want := range map[string]string{
		whole: whole,
		` { "v" : 1e2, "data": { "note":"ü\u0021", "quantity" : 7 , "user_id": null, "restaurant_id":"R" } , "x":[ ] }`: ` { "v" : 1e2, "data": { "note":"ü\u0021", "quantity" : "3" , "user_id": "B", "restaurant_id":"R" } , "x":[ ] }`,
		`{"data":{}}`:           whole,
		`{"data":{"note":"n"}}`: `{"data":{"user_id":"B","quantity":"3","restaurant_id":"R","note":"n"}}`,
		`{"data":"text"}`:       whole,
		`poison`:                whole,
	} {
		got := workflow.Mend([]byte(body), "B", "3", "R")
		if string(got) != want {
			t.Errorf("%s\nbecomes %s\nwant    %s", body, got, want)
		}
		if _, err := workflow.DecodeBody(got); err != nil {
			t.Errorf("%s is rejected: %v", got, err)
		}
	}
	if d := workflow.Draft([]byte(`{"data":{"user_id":"B","quantity":7}}`)); d.UserID != "B" || d.Quantity != "7" || d.RestaurantID != "" {
		t.Errorf("draft %+v", d)
	}
}
