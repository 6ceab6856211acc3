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
func (r *Rehearsal) arrive(ctx context.Context, cloud *local.Cloud, url string) {
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
		order, readable := r.order(rates.Poison)
		if !readable {
			r.put(cloud, order)
			continue
		}
		r.running.Go(func() { r.post(ctx, cloud.HTTPClient(), url, order) })
	}
}

// order makes an order up, unreadable with the given chance.
func (r *Rehearsal) order(poison float64) (body string, readable bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	user, restaurant, quantity := r.orders.IntN(40)+1, r.orders.IntN(12)+1, fmt.Sprint(r.orders.IntN(9)+1)
	r.tally.Orders++
	readable = r.orders.Float64() >= poison
	if !readable {
		quantity += " pcs"
		r.tally.Poison++
	}
	return fmt.Sprintf(`{"user_id":"Customer_%d","quantity":%q,"restaurant_id":"Restaurant %d"}`, user, quantity, restaurant), readable
}

// put writes an unreadable order to the queue past the API, which would refuse
// it, as programs do that know the queue.
func (r *Rehearsal) put(cloud *local.Cloud, order string) {
	if err := cloud.Put("OrderQueue", `{"data":`+order+`}`); err != nil {
		r.refused()
	}
}

func (r *Rehearsal) refused() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tally.Refused++
}

// post hands an order in as a customer does.
func (r *Rehearsal) post(ctx context.Context, client *local.HTTPClient, url, body string) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err == nil {
		request.Header.Set("Content-Type", "application/json")
		var response *http.Response
		if response, err = client.Do(request); err == nil {
			defer response.Body.Close()
			if response.StatusCode == http.StatusCreated {
				return
			}
		}
	}
	if ctx.Err() == nil {
		r.refused()
	}
}
