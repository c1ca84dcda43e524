#!/usr/bin/env bash
# Creates the resources that the service needs, deploys it, and routes messages, events and the schedule to it.
# Run it once per project.
#
#   PROJECT=my-project REGION=europe-west1 NETWORK=default PAY_URL=https://... ./setup.sh
set -euo pipefail
cd "$(dirname "$0")"
: "${PROJECT:?}" "${REGION:?}" "${NETWORK:?}" "${PAY_URL:?must be the URL of the payment service}"
export CLOUDSDK_CORE_PROJECT=$PROJECT

gcloud artifacts repositories create orders --repository-format=docker --location="$REGION"
gcloud auth configure-docker "$REGION-docker.pkg.dev" --quiet
# The account that runs the service and may call it.
account="orders@$PROJECT.iam.gserviceaccount.com"
gcloud iam service-accounts create orders
gcloud projects add-iam-policy-binding "$PROJECT" --role=roles/eventarc.eventReceiver --member="serviceAccount:$account"

# The records of the orders that were placed and charged. No eviction: an order without one can be charged twice.
gcloud redis instances create orders --region="$REGION" --network="$NETWORK" --size=1 --redis-version=redis_7_2 \
  --redis-config=maxmemory-policy=noeviction
host=$(gcloud redis instances describe orders --region="$REGION" --format="value(host)")
printf 'redis://%s:6379' "$host" | gcloud secrets create redis-url --data-file=-
gcloud secrets add-iam-policy-binding redis-url --role=roles/secretmanager.secretAccessor --member="serviceAccount:$account"

gcloud pubsub topics create orders orders-dead
# A topic without a subscription keeps no messages, and by default an unused subscription expires.
gcloud pubsub subscriptions create orders-dead --topic=orders-dead --expiration-period=never --message-retention-duration=7d
# Pub/Sub itself publishes the messages that have failed too often.
number=$(gcloud projects describe "$PROJECT" --format="value(projectNumber)")
pubsub="serviceAccount:service-$number@gcp-sa-pubsub.iam.gserviceaccount.com"
gcloud pubsub topics add-iam-policy-binding orders-dead --role=roles/pubsub.publisher --member="$pubsub"
for topic in orders orders-dead; do
  gcloud pubsub topics add-iam-policy-binding "$topic" --role=roles/pubsub.publisher --member="serviceAccount:$account"
done

./deploy.sh
gcloud run services add-iam-policy-binding orders --region="$REGION" --role=roles/run.invoker \
  --member="serviceAccount:$account"
url=$(gcloud run services describe orders --region="$REGION" --format="value(status.url)")

gcloud pubsub subscriptions create charge --topic=orders --expiration-period=never --ack-deadline=60 \
  --push-endpoint="$url/charge" --push-auth-service-account="$account" \
  --dead-letter-topic=orders-dead --max-delivery-attempts=5 --min-retry-delay=10s --max-retry-delay=600s
gcloud pubsub subscriptions add-iam-policy-binding charge --role=roles/pubsub.subscriber --member="$pubsub"

# Another cloud can post CloudEvents to /shipped directly, with a token for the service.
gcloud eventarc channels create orders --location="$REGION"
gcloud eventarc triggers create shipped --location="$REGION" --channel=orders --event-filters=type=order.shipped \
  --destination-run-service=orders --destination-run-region="$REGION" --destination-run-path=/shipped \
  --service-account="$account"
# Eventarc creates the subscription without a dead-letter topic, so it is added here.
shipped=$(gcloud eventarc triggers describe shipped --location="$REGION" --format="value(transport.pubsub.subscription)")
gcloud pubsub subscriptions update "$shipped" --dead-letter-topic=orders-dead --max-delivery-attempts=5
gcloud pubsub subscriptions add-iam-policy-binding "$shipped" --role=roles/pubsub.subscriber --member="$pubsub"

gcloud scheduler jobs create http nightly-report --location="$REGION" \
  --schedule="30 3 * * MON-FRI" --time-zone=Etc/UTC --uri="$url/nightly-report" --http-method=POST \
  --oidc-service-account-email="$account" --oidc-token-audience="$url" --max-retry-attempts=5
