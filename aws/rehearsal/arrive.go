package rehearsal

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"orderops/aws/local"
)

// arrive lets orders arrive one by one, at random as customers do, until ctx ends.
func (r *Rehearsal) arrive(ctx context.Context, client *local.HTTPClient, url string) {
	for ctx.Err() == nil {
		rates := r.scenario.rates(r.after())
		change, changes := r.untilChange()
		if rates.Order <= 0 {
			if !changes || !pause(ctx, change) {
				return
			}
			continue
		}
		r.mu.Lock()
		next := time.Duration(r.orders.ExpFloat64() / rates.Order * float64(time.Second))
		r.mu.Unlock()
		if changes && change <= next {
			// Nobody came before the rate changed. Arrivals have no memory: the
			// next is drawn anew.
			if !pause(ctx, change) {
				return
			}
			continue
		}
		if !pause(ctx, next) {
			return
		}
		body := r.order(rates.Poison)
		r.running.Go(func() { r.post(ctx, client, url, body) })
	}
}

// order makes an order up, unreadable with the given chance: the API takes it,
// because it checks members, not values.
func (r *Rehearsal) order(poison float64) (body string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	user, restaurant, quantity := r.orders.IntN(40)+1, r.orders.IntN(12)+1, fmt.Sprint(r.orders.IntN(9)+1)
	r.tally.Orders++
	if r.orders.Float64() < poison {
		quantity += " pcs"
		r.tally.Poison++
	}
	return fmt.Sprintf(`{"user_id":"Customer_%d","quantity":%q,"restaurant_id":"Restaurant %d"}`, user, quantity, restaurant)
}

// post hands an order in as a customer does.
func (r *Rehearsal) post(ctx context.Context, client *local.HTTPClient, url, body string) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err == nil {
		request.Header.Set("Content-Type", "application/json")
		var response *http.Response
		if response, err = client.Do(request); err == nil {
			defer response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
	}
	if ctx.Err() == nil {
		r.mu.Lock()
		r.tally.Refused++
		r.mu.Unlock()
	}
}
