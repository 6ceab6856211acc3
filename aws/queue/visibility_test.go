package queue_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"orderops/aws/local"
	"orderops/aws/queue"
)

// distant answers a tenth of a second later.
type distant struct{ awssdk.HTTPClient }

func (d distant) Do(r *http.Request) (*http.Response, error) {
	time.Sleep(100 * time.Millisecond)
	return d.HTTPClient.Do(r)
}

// The leases of a whole inspection are given back in the five seconds that
// leaving the program allows.
func TestAThousandLeasesAreGivenBackInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := local.New(local.Options{})
		defer cloud.Close()
		if err := cloud.Deploy(local.Deployment{Stack: "shop", Template: []byte(queues)}); err != nil {
			t.Fatal(err)
		}
		client := queue.New(awssdk.Config{
			Region: "us-east-1", HTTPClient: distant{cloud.HTTPClient()},
			Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
		})
		handles := make([]string, 1000)
		for i := range handles {
			handles[i] = fmt.Sprint("handle ", i)
		}
		began := time.Now()
		failed, err := client.SetVisibility(t.Context(), deadURL, handles, 0)
		if err != nil || len(failed) != len(handles) { // no such handles: every one is answered for itself
			t.Errorf("%d of %d answered, %v", len(failed), len(handles), err)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("took %v", took)
		}
	})
}
