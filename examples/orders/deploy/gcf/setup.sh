#!/usr/bin/env bash
# Creates the resources that the functions need. Run it once per project, before deploy.sh.
#
#   PROJECT=my-project REGION=europe-west1 NETWORK=default ./setup.sh
set -euo pipefail
: "${PROJECT:?}" "${REGION:?}" "${NETWORK:?}"
export CLOUDSDK_CORE_PROJECT=$PROJECT

gcloud pubsub topics create orders orders-dead nightly-report
# A topic without a subscription keeps no messages, and by default an unused subscription expires.
gcloud pubsub subscriptions create orders-dead --topic=orders-dead --expiration-period=never --message-retention-duration=7d
gcloud eventarc channels create orders --location="$REGION"
gcloud scheduler jobs create pubsub nightly-report --location="$REGION" \
  --schedule="30 3 * * MON-FRI" --time-zone=Etc/UTC --topic=nightly-report --message-body=due

# The account that runs the functions and may call them.
account="serviceAccount:orders@$PROJECT.iam.gserviceaccount.com"
gcloud iam service-accounts create orders
gcloud projects add-iam-policy-binding "$PROJECT" --role=roles/eventarc.eventReceiver --member="$account"
for topic in orders orders-dead; do
  gcloud pubsub topics add-iam-policy-binding "$topic" --role=roles/pubsub.publisher --member="$account"
done

# The records of the orders that were placed and charged. No eviction: an order without one can be charged twice.
gcloud redis instances create orders --region="$REGION" --network="$NETWORK" --size=1 --redis-version=redis_7_2 \
  --redis-config=maxmemory-policy=noeviction
host=$(gcloud redis instances describe orders --region="$REGION" --format="value(host)")
printf 'redis://%s:6379' "$host" | gcloud secrets create redis-url --data-file=-
gcloud secrets add-iam-policy-binding redis-url --role=roles/secretmanager.secretAccessor --member="$account"

# Pub/Sub itself publishes the messages that have failed too often.
number=$(gcloud projects describe "$PROJECT" --format="value(projectNumber)")
gcloud pubsub topics add-iam-policy-binding orders-dead --role=roles/pubsub.publisher \
  --member="serviceAccount:service-$number@gcp-sa-pubsub.iam.gserviceaccount.com"
